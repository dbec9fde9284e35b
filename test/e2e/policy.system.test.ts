import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docker, nstack } from '../support/nstack.ts';

let cwd: string;
let env: NodeJS.ProcessEnv;
const workflow = 'file/in.txt -> Supply.Policed -> file/out.txt';
const at = (...args: readonly string[]) => nstack(args, { cwd, env });

async function buildAnswer(text: string): Promise<void> {
  await writeFile(
    join(cwd, 'service/service.py'),
    `def shout(text: str) -> str:\n    return text + "${text}"\n`,
  );
  const built = await at('build', 'service');
  expect(built.code, built.stderr).toBe(0);
}

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'nstack-policed-'));
  env = {
    NSTACK_STATE: join(cwd, 'state'),
    NSTACK_POLICY: join(cwd, 'policy.yaml'),
    COSIGN_PASSWORD: 'open sesame',
  };
  await mkdir(join(cwd, 'service'));
  await writeFile(
    join(cwd, 'service/nstack.yaml'),
    'name: Supply.Policed\nstack: python\napi: |\n  shout : Text -> Text\n',
  );
  await writeFile(join(cwd, 'in.txt'), 'a\n');
  await writeFile(
    join(cwd, 'policy.yaml'),
    'rules:\n  - services: ["Supply.*"]\n    signedBy: [release.pub]\n',
  );
  expect((await at('signature', 'keys', 'release')).code).toBe(0);
  await buildAnswer('!');
});
afterAll(async () => {
  await at('supervisor', 'stop', '--now');
  await docker('rmi', '-f', 'nstack/supply.policed:0.0.1-SNAPSHOT').catch(() => {});
  await rm(cwd, { recursive: true, force: true });
});

describe('under a policy', () => {
  it('a service that nobody signed does not run, and a signed one does', async () => {
    const refused = await at('run', workflow);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'policy.yaml:2:5: error: Supply.Policed:0.0.1-SNAPSHOT must be signed by release.pub',
    );
    expect(refused.stderr).toContain('nstack signature sign Supply.Policed:0.0.1-SNAPSHOT');

    const signed = await at('signature', 'sign', 'Supply.Policed', '--key=release.key');
    expect(signed.code, signed.stderr).toBe(0);
    const run = await at('run', workflow);
    expect(run.code, run.stderr).toBe(0);
    expect(await readFile(join(cwd, 'out.txt'), 'utf8')).toBe('a!\n');
    expect((await at('signature', 'verify', 'Supply.Policed', '--key=release.pub')).code).toBe(0);
  });

  it('the signature of one build is none of the next, for the supervisor too', async () => {
    await at('signature', 'sign', 'Supply.Policed', '--key=release.key');
    const started = await at('start', workflow, '--name=policed');
    expect(started.code, started.stderr).toBe(0);
    await buildAnswer('?');
    const refused = await at('start', workflow, '--name=again');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('policy.yaml:2:5');
    expect((await at('signature', 'verify', 'Supply.Policed', '--key=release.pub')).code).toBe(2);
  });
});
