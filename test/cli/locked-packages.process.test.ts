import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { printLock } from '../../src/builder/lock/print-lock.ts';
import { someLock } from '../builder/lock/support/some-lock.ts';
import { manifestWith, serviceFolder } from '../stacks/support/service-folder.ts';
import { nstack } from '../support/nstack.ts';

/** A folder whose lock, of six 1.16.0, was made for `asked`. No engine answers, and pip is set to `index`. */
async function setUp(asked: string | undefined, index = 'http://127.0.0.1:1/simple') {
  const { root } = await serviceFolder(manifestWith('packages: ["pip:six<1.17"]'));
  const six = { name: 'six', version: '1.15.0', hashes: [`sha256:${'b'.repeat(64)}`] };
  const packages = { apt: [], pip: [six], maven: [], hackage: [] };
  if (asked !== undefined)
    await writeFile(join(root, 'nstack.lock'), printLock(someLock({ asked: [asked], packages })));
  const env = {
    DOCKER_HOST: 'unix:///nowhere.sock',
    PIP_INDEX_URL: index,
    XDG_CACHE_HOME: join(root, '.cache'),
  };
  return {
    root,
    run: (...args: readonly string[]) => nstack(args, { cwd: root, env }),
  };
}

async function serveIndex(body: string): Promise<string> {
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/simple`;
}

const page = JSON.stringify({
  files: ['1.15.0', '1.16.0', '1.17.0'].map((version) => ({ filename: `six-${version}.tar.gz` })),
});

describe('nstack outdated', () => {
  it('says what is locked, what the manifest admits, and what is newest, without an engine', async () => {
    const { run } = await setUp('pip:six<1.17', await serveIndex(page));
    const { code, stdout, stderr } = await run('outdated');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').map((line) => line.trim().split(/ +/))).toEqual([
      ['PACKAGE', 'SYSTEM', 'LOCKED', 'ALLOWED', 'NEWEST'],
      ['six', 'pip', '1.15.0', '1.16.0', '1.17.0'],
      [''],
    ]);
    expect((await run('outdated', '--exit-code')).code).toBe(2);
  });

  it('goes by what the manifest admits today, though the lock was made for something else', async () => {
    const { run } = await setUp('pip:six==1.15.0', await serveIndex(page));
    const { code, stdout } = await run('outdated', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      packages: [
        {
          system: 'pip',
          name: 'six',
          part: 'packages',
          locked: '1.15.0',
          allowed: '1.16.0',
          newest: '1.17.0',
        },
      ],
      outOfReach: [],
    });
  });

  it.each([
    ['that is out of reach', undefined],
    ['whose answer cannot be read', '{'],
  ])('names a registry %s, and does not call the package newest', async (_, body) => {
    const index = body === undefined ? undefined : await serveIndex(body);
    const { run } = await setUp('pip:six<1.17', index);
    const { code, stdout, stderr } = await run('outdated', '--all');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^out of reach, and so not known: 127\.0\.0\.1:\d+: /);
    expect(stdout).toMatch(/^six +pip +1\.15\.0 +- +-$/m);
    expect(JSON.parse((await run('outdated', '--json')).stdout)).toEqual({
      packages: [],
      outOfReach: [expect.stringContaining('127.0.0.1')],
    });
  });

  it('shows no version that no version is', async () => {
    const files = [{ filename: 'six-9\u001b[2J.tar.gz' }, { filename: 'six-1.16.0.tar.gz' }];
    const { run } = await setUp('pip:six<1.17', await serveIndex(JSON.stringify({ files })));
    expect(JSON.parse((await run('outdated', '--json')).stdout).packages).toMatchObject([
      { newest: '1.16.0' },
    ]);
  });
});

describe.each(['outdated', 'upgrade'])('nstack %s', (command) => {
  it('says that nothing is locked yet, and what locks', async () => {
    const { run } = await setUp(undefined);
    const { code, stdout, stderr } = await run(command, '.', ...(command === 'upgrade' ? ['six'] : []));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('nothing is locked yet');
    expect(stderr).toContain('run `nstack build`');
  });

  it('says where a lock is wrong', async () => {
    const { root, run } = await setUp(undefined);
    await writeFile(join(root, 'nstack.lock'), 'lock: 1\nbase: [\n');
    const { code, stdout, stderr } = await run(command, '.', ...(command === 'upgrade' ? ['six'] : []));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('nstack.lock:');
  });

  it.each([
    ['an option that is none', ['--jsn'], '--json'],
    ['a folder without a service', ['nowhere'], 'nowhere'],
  ])('refuses %s, and says the way out', async (_, args, hint) => {
    const { run } = await setUp('pip:six<1.17');
    const { code, stdout, stderr } = await run(command, ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(hint);
  });

  it('shows examples with --help', async () => {
    const { run } = await setUp(undefined);
    const { code, stdout } = await run(command, '--help');
    expect(code).toBe(0);
    expect(stdout).toContain(`nstack ${command} services/score --json`);
  });
});

describe('nstack upgrade', () => {
  it('refuses a package that the lock does not have, and says what lists them', async () => {
    const { run } = await setUp('pip:six<1.17');
    for (const name of ['numpy', 'apt:six', 'pip:', '']) {
      const { code, stdout, stderr } = await run('upgrade', '.', name, '--json');
      expect({ code, stdout }, name).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('nstack outdated');
    }
  });

  it('takes no more than one folder of outdated', async () => {
    const { run } = await setUp('pip:six<1.17');
    const { code, stderr } = await run('outdated', '.', 'six');
    expect(code).toBe(1);
    expect(stderr).toContain('outdated');
  });

  it('says that there is no engine, where it has come to need one', async () => {
    const { run } = await setUp('pip:six<1.17');
    const { code, stdout, stderr } = await run('upgrade', '.', 'six', '--json');
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
    expect(stderr).toContain('/nowhere.sock');
  });
});
