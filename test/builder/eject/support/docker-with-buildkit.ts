import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const env = { ...process.env, DOCKER_BUILDKIT: '1' };

/** A docker client that reaches BuildKit: those since version 23 need the plugin buildx for that, which is not everywhere. Undefined where there is none. */
export async function dockerWithBuildKit(): Promise<string | undefined> {
  for (const client of ['docker', '/usr/bin/docker']) {
    const help = await promisify(execFile)(client, ['build', '--help'], { env }).catch(() => undefined);
    if (help?.stdout.includes('--secret') === true) return client;
  }
  return undefined;
}

/** Builds with it, and answers all that was printed. Rejects, with `stderr`, where it fails. */
export async function buildWithBuildKit(
  client: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(client, ['build', '--progress=plain', ...args], {
    env: { ...env, ...variables },
  });
  return `${stdout}${stderr}`;
}
