import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** The part of Docker's config.json that is about logging in. */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly credsStore?: string;
}

/**
 * What `docker login` has kept for a registry, in config.json or with the credential helper that it names; undefined where nobody has logged in.
 * Fails with `file-unreadable` or `permission`.
 */
export async function registryCredentials(
  registry: string,
  signal: AbortSignal,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
  const config = await readConfig(join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json'));
  const helper = config.credHelpers?.[registry] ?? config.credsStore;
  if (helper !== undefined) return askHelper(helper, registry, { signal, env });
  const auth = config.auths?.[registry]?.auth ?? config.auths?.[`https://${registry}`]?.auth;
  if (auth === undefined) return undefined;
  const [username = '', ...password] = Buffer.from(auth, 'base64').toString('utf8').split(':');
  return { username, password: password.join(':').replace(/\0+$/, '') };
}

async function readConfig(file: string): Promise<DockerConfig> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '{}';
    throw new NstackError('file-unreadable', `${file} cannot be read`, { cause });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NstackError('file-unreadable', `${file} is no JSON`, { cause });
  }
}

/** The protocol of Docker's credential helpers: the registry on stdin, JSON on stdout. */
async function askHelper(
  helper: string,
  registry: string,
  { signal, env }: { readonly signal: AbortSignal; readonly env: NodeJS.ProcessEnv },
): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9._-]+$/.test(helper))
    throw new NstackError(
      'file-unreadable',
      `Docker's config.json names ${JSON.stringify(helper)} as a credential helper`,
    );
  const tool = `docker-credential-${helper}`;
  const { execa } = await import('execa');
  const answer = await execa(tool, ['get'], {
    input: registry,
    env,
    extendEnv: false,
    reject: false,
    cancelSignal: signal,
    timeout: 30_000,
  });
  signal.throwIfAborted();
  const refused = (why: string) =>
    new NstackError('permission', `${tool} gave no credentials for ${registry}: ${why}`, {
      hint: `log in again with a user name and a password or access token: docker login -u NAME ${registry}`,
    });
  if (answer.exitCode !== 0) {
    if (/credentials not found/i.test(answer.stdout ?? '')) return undefined;
    throw refused(words(answer));
  }
  const { Username, Secret } = parseAnswer(answer.stdout);
  if (Username === undefined || Secret === undefined) throw refused('its answer holds none');
  if (Username === '<token>') throw refused('it keeps an identity token, which nstack cannot use');
  return { username: Username, password: Secret };
}

/** Empty where the text is no JSON. It is not shown: it may hold a password. */
function parseAnswer(text: string): { readonly Username?: string; readonly Secret?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

interface Words {
  readonly stdout: string | undefined;
  readonly stderr: string | undefined;
  readonly shortMessage?: string | undefined;
}

function words({ stdout, stderr, shortMessage }: Words): string {
  return (stderr || stdout || shortMessage || 'it said nothing').trim();
}
