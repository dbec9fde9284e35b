import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { parseLock } from '../../../src/builder/lock/parse-lock.ts';
import { printLock } from '../../../src/builder/lock/print-lock.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';
import { testEngine } from '../../support/engine.ts';
import { docker } from '../../support/nstack.ts';
import { build, codeOf, manifestOf, ownPackages, temporaryName } from '../support/built-service.ts';
import { serveDebianArchive } from './support/debian-archive.ts';

afterEach(() => vi.unstubAllEnvs());

it('a locked version that Debian no longer has comes from its archive of the day that the lock names', async () => {
  const { mirror, asked } = await serveDebianArchive();
  vi.stubEnv('NSTACK_DEBIAN_SNAPSHOT', `${mirror}/`);
  vi.stubEnv('NO_PROXY', ['127.0.0.1', process.env.NO_PROXY].filter(Boolean).join());
  const engine = await testEngine();
  const folder = await serviceFolder({
    'nstack.yaml': manifestOf(temporaryName(engine), 'packages: [libyaml]'),
    'service.py': codeOf('"x"'),
  });
  await build(engine, folder);
  const file = join(folder.root, 'nstack.lock');
  const { lock } = parseLock(await readFile(file), file);
  expect(lock?.snapshot).toMatch(/^\d{8}T\d{6}Z$/);
  expect(asked).toEqual([`/archive/debian/${lock?.snapshot}/dists/trixie/InRelease`]);

  if (lock === undefined) throw new Error('there is no lock');
  const older = (one: { readonly name: string; readonly version: string }) =>
    one.name === 'libyaml-0-2' ? '0.2.5-1' : one.version;
  const apt = lock.packages.apt.map((one) => ({ ...one, version: older(one) }));
  expect(apt).not.toEqual(lock.packages.apt);
  await writeFile(file, printLock({ ...lock, packages: { ...lock.packages, apt } }));
  await ownPackages(engine, folder);
  const { service } = await build(engine, folder, { frozen: true });
  const dpkg = ['--entrypoint=dpkg-query', service.image, '-W', `-f=\${Version}`, 'libyaml-0-2'];
  expect(await docker('run', '--rm', '--network=none', ...dpkg)).toBe('0.2.5-1');
}, 300_000);
