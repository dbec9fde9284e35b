import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { docker, nstack, start } from '../support/nstack.ts';

const key = 'hunter2-and-more';

const manifest = `name: Test.Secrets
version: 0.0.1-SNAPSHOT
stack: python
secrets: [API_KEY]
api: |
  length : () -> Integer
  fail : () -> Integer
  check : Text -> Text
  wait : () -> Integer
`;

const code = `import logging
import sys
from pathlib import Path


def key() -> str:
    return Path("/run/secrets/API_KEY").read_text()


def length() -> int:
    print("printed " + key())
    logging.error("logged %s", key())
    return len(key())


def fail() -> int:
    raise ValueError("no such key: " + key())


def check(text: str) -> str:
    print("printed " + key())
    if text == "bad":
        raise ValueError("no such key: " + key())
    return f"{text} {len(key())}"


def wait() -> int:
    import time
    print("waiting")
    sys.stdout.flush()
    time.sleep(60)
    return 0
`;

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'nstack-secrets-'));
  await mkdir(join(cwd, 'service'));
  await writeFile(join(cwd, 'service/nstack.yaml'), manifest);
  await writeFile(join(cwd, 'service/service.py'), code);
  await writeFile(join(cwd, 'key'), `${key}\n`);
  await writeFile(join(cwd, 'connections.yaml'), 'secrets:\n  API_KEY: { file: key }\n');
  const built = await nstack(['build', 'service'], { cwd });
  expect(built.code, built.stderr).toBe(0);
});
afterAll(async () => {
  await docker('rmi', '-f', 'test.secrets:0.0.1-SNAPSHOT').catch(() => {});
  await rm(cwd, { recursive: true, force: true });
});

const flag = '--connections=connections.yaml';

describe('a service that asks for a secret', () => {
  test('gets it from the connections file, and what it prints and logs is shown without it', async () => {
    const { code, stdout, stderr } = await nstack(['call', 'Test.Secrets.length', flag], { cwd });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${key.length}\n` });
    expect(stderr).toContain('printed ***');
    expect(stderr).toContain('logged ***');
    expect(stderr).not.toContain(key);
  });

  test('cannot tell it by an error', async () => {
    const { code, stderr } = await nstack(['call', 'Test.Secrets.fail', flag], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('ValueError: no such key: ***');
    expect(stderr).not.toContain(key);
  });

  test('has it in nothing that docker inspect shows', async () => {
    const call = start(['call', 'Test.Secrets.wait', flag], { cwd, input: '' });
    await call.said('waiting');
    const id = await docker('ps', '-q', '--filter', 'label=io.nstack.service=Test.Secrets');
    const shown = await docker('inspect', id);
    const image = await docker('inspect', JSON.parse(shown)[0].Image);
    call.child.kill('SIGINT');
    expect((await call.ended).code).toBe(130);
    expect(shown + image).not.toContain(key);
    expect(shown).toContain('NSTACK_SECRETS=/run/secrets');
  });

  test('gets it in a workflow, whose logs and dead letters are without it', async () => {
    const { code, stdout, stderr } = await nstack(
      ['run', 'stdin -> Test.Secrets.check -> stdout', '--attempts=1', '--dead-letters=dead.ndjson', flag],
      { cwd, input: 'good\nbad\n' },
    );
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `good ${key.length}\n` });
    expect(stderr).toContain('printed ***');
    const dead = await readFile(join(cwd, 'dead.ndjson'), 'utf8');
    expect(dead).toContain('no such key: ***');
    expect(stderr + dead).not.toContain(key);
  });

  test('is not started without it: the error says what to write', async () => {
    const env = { NSTACK_CONNECTIONS: '', XDG_CONFIG_HOME: cwd };
    const { code, stderr } = await nstack(['call', 'Test.Secrets.length'], { cwd, env });
    expect(code).toBe(1);
    expect(stderr).toContain('Test.Secrets needs the secret API_KEY, which ');
    expect(stderr).toContain('API_KEY: { env: API_KEY }');
  });

  test('is refused where the reference leads nowhere', async () => {
    await writeFile(join(cwd, 'other.yaml'), 'secrets:\n  API_KEY: { env: NSTACK_TEST_NOWHERE }\n');
    const { code, stderr } = await nstack(['call', 'Test.Secrets.length', '--connections=other.yaml'], {
      cwd,
    });
    expect(code).toBe(1);
    expect(stderr).toContain('the secret API_KEY of Test.Secrets (env NSTACK_TEST_NOWHERE, other.yaml:2)');
  });

  test('needs a file that is there, where one is named', async () => {
    const { code, stderr } = await nstack(['call', 'Test.Secrets.length', '--connections=nix.yaml'], { cwd });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no connections file nix.yaml'),
    });
  });
});
