import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretSearch } from '../../../src/builder/supply-chain/find-secrets.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { testEngine } from '../../support/engine.ts';
import { docker, nstack } from '../../support/nstack.ts';
import { supplytoy } from './support/supplytoy.ts';

const token = `t0ken-${randomBytes(12).toString('hex')}`;
const key = `k3y+of/${randomBytes(12).toString('hex')}`;
const name = 'Supply.Secrets';
const image = 'nstack/supply.secrets:0.0.1-SNAPSHOT';

let engine: ContainerEngine;
let index: Server;
let asked: string[];
let cwd: string;
let env: NodeJS.ProcessEnv;

const build = (...args: readonly string[]) => nstack(['build', 'service', '--json', ...args], { cwd, env });
const secrets = ['--secret=INDEX_TOKEN=env:MY_TOKEN', '--secret=deploy-key=file:key.txt'];

beforeAll(async () => {
  engine = await testEngine();
  cwd = await mkdtemp(join(tmpdir(), 'nstack-build-secrets-'));
  env = { XDG_CACHE_HOME: join(cwd, 'cache'), MY_TOKEN: token };
  asked = [];
  index = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`);
    const allowed =
      request.headers.authorization === `Basic ${Buffer.from(`ali:${token}`).toString('base64')}`;
    const body = request.url?.endsWith('.whl')
      ? supplytoy
      : '<a href="/supplytoy-1.0-py3-none-any.whl">supplytoy-1.0-py3-none-any.whl</a>';
    response.writeHead(allowed ? 200 : 401, {
      'content-type': 'text/html',
      'www-authenticate': 'Basic realm=x',
    });
    response.end(allowed ? body : '');
  });
  index.listen(0, '127.0.0.1');
  await once(index, 'listening');
  const address = index.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  await mkdir(join(cwd, 'service'));
  await writeFile(join(cwd, 'key.txt'), `${key}\n`);
  await writeFile(
    join(cwd, 'service/nstack.yaml'),
    [
      `name: ${name}`,
      'stack: python',
      'api: |',
      '  answer : () -> Integer',
      'buildSecrets:',
      '  INDEX_TOKEN: [pip]',
      '  deploy-key: [commands]',
      'commands:',
      '  - test -f /run/secrets/deploy-key && ! env | grep INDEX_TOKEN && echo "the key is $(cat /run/secrets/deploy-key)" && test "$(wc -c </run/secrets/deploy-key)" -gt 20 && touch /key-was-long',
      '',
    ].join('\n'),
  );
  await writeFile(
    join(cwd, 'service/requirements.txt'),
    `--index-url http://ali:\${INDEX_TOKEN}@127.0.0.1:${port}/simple/\n--trusted-host 127.0.0.1\nsupplytoy==1.0\n`,
  );
  await writeFile(
    join(cwd, 'service/service.py'),
    'import supplytoy\n\n\ndef answer() -> int:\n    return supplytoy.ANSWER\n',
  );
});
afterAll(async () => {
  index.close();
  await docker('rmi', '-f', image).catch(() => {});
  await rm(cwd, { recursive: true, force: true });
});

describe('a build with secrets', () => {
  it('says which are missing and how to give them, and never takes the secret itself', async () => {
    const missing = await build('--secret=INDEX_TOKEN=env:MY_TOKEN');
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain('needs the secret deploy-key');
    const typed = await build(`--secret=deploy-key=${key}`);
    expect(typed.code).toBe(1);
    expect(typed.stderr).not.toContain(key);
  });

  it('has them in the steps that need them, and nowhere afterwards', async () => {
    const imagesBefore = new Set((await docker('images', '-aq', '--no-trunc')).split('\n'));
    const built = await build(...secrets);
    expect(built.code, built.stderr).toBe(0);
    expect(asked.some((request) => request.includes('.whl'))).toBe(true);
    expect(`${built.stdout}${built.stderr}`).not.toContain(key);

    const search = secretSearch({ token, key });
    const held = await buffer(await engine.saveImage(image));
    expect(search.inText(held.toString('latin1'))).toBeUndefined();
    const added = (await docker('images', '-aq', '--no-trunc'))
      .split('\n')
      .filter((id) => !imagesBefore.has(id));
    for (const id of added) {
      const told = await Promise.all([docker('history', '--no-trunc', id), docker('inspect', id)]).then(
        String,
        () => '',
      );
      expect(search.inText(told)).toBeUndefined();
    }
    for (const file of await readdir(join(cwd, 'cache'), { recursive: true, withFileTypes: true }))
      if (file.isFile())
        expect(search.inText(await readFile(join(file.parentPath, file.name), 'latin1'))).toBeUndefined();
    expect(
      await docker(
        'run',
        '--rm',
        '--network=none',
        '--entrypoint',
        '/bin/sh',
        image,
        '-c',
        'ls /key-was-long /run /dev/shm',
      ),
    ).not.toContain('secrets');
  });

  it('does nothing again with the same values, also where it is to be upgraded, and runs the steps anew with others, starred out where one fails', async () => {
    const again = await build(...secrets);
    expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
    const upgraded = await nstack(['upgrade', 'service', ...secrets], { cwd, env });
    expect(upgraded.stderr).toContain('there is nothing newer');
    expect(upgraded.code).toBe(0);
    const short = key.slice(0, 12);
    await writeFile(join(cwd, 'key.txt'), `${short}\n`);
    const failed = await nstack(['build', 'service', ...secrets], { cwd, env });
    expect(failed.code).toBe(2);
    expect(failed.stderr).toContain('the key is ***');
    expect(failed.stderr).not.toContain(short);
  });
});
