import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { PackageRequest } from '../../../src/manifest/index.ts';
import { packageIndexCommand, parsePackageIndex } from '../../../src/stacks/debian/package-index.ts';
import { resolveOsPackages } from '../../../src/stacks/debian/resolve-os-packages.ts';

const index = parsePackageIndex(
  [
    'ffmpeg\tffmpeg\t7:7.1.1-1\tvideo',
    'libsvm-dev\tlibsvm\t3.24+ds-6.1\tlibdevel',
    'libsvm-java\tlibsvm\t3.24+ds-6.1\tjava',
    'libsvm-tools\tlibsvm\t3.24+ds-6.1\tdevel',
    'libsvm3\tlibsvm\t3.24+ds-6.1\tlibs',
    'python3-libsvm\tlibsvm\t3.24+ds-6.1\tpython',
    'python3-numpy\tnumpy\t1:2.2.4\tpython',
    'python3-numpy-dev\tnumpy\t1:2.2.4\tpython',
    'python-numpy-doc\tnumpy\t1:2.2.4\tdoc',
    'python3-torch\tpytorch\t2.6\tpython',
    'sl\tsl\t5.02\tcontrib/games',
    '',
  ].join('\n'),
);
const binding = { prefix: 'python3-', section: 'python' };

function request(system: PackageRequest['system'], spec: string): PackageRequest {
  return { system, spec, line: 1, column: 1 };
}

function resolve(...requests: readonly PackageRequest[]) {
  return resolveOsPackages(requests, index, binding);
}

describe('a request for an OS package', () => {
  it('means that exact package where there is one', () => {
    expect(resolve(request('os', 'ffmpeg')).names).toEqual(['ffmpeg']);
  });

  it('means the runtime libraries and the binding that are built from a source package of that name', () => {
    expect(resolve(request('os', 'libsvm')).names).toEqual(['libsvm3', 'python3-libsvm']);
    expect(resolve(request('os', 'numpy')).names).toEqual(['python3-numpy']);
  });

  it('is exact after apt:, and never means a source package', () => {
    const { names, unknown } = resolve(request('apt', 'libsvm'), request('apt', 'libsvm-tools'));
    expect(names).toEqual(['libsvm-tools']);
    expect(unknown.map((entry) => entry.request.spec)).toEqual(['libsvm']);
  });

  it('keeps a version that it asks for', () => {
    expect(resolve(request('apt', 'ffmpeg=7:7.1.1-1')).names).toEqual(['ffmpeg=7:7.1.1-1']);
  });

  it('counts once where several requests mean it, in order of name', () => {
    expect(
      resolve(request('os', 'libsvm'), request('os', 'ffmpeg'), request('apt', 'libsvm3')).names,
    ).toEqual(['ffmpeg', 'libsvm3', 'python3-libsvm']);
  });

  it.each([
    ['torch', 'python3-torch'],
    ['ffmpg', 'ffmpeg'],
    ['svm', 'libsvm3'],
  ])('that names nothing, such as %s, is told what is near', (spec, nearest) => {
    const { names, unknown } = resolve(request('os', spec));
    expect(names).toEqual([]);
    expect(unknown[0]?.nearest).toContain(nearest);
  });

  it('answers as often as it is asked', () => {
    expect(resolve(request('os', 'ffmpg')).unknown[0]?.nearest).toEqual(
      resolve(request('os', 'ffmpg')).unknown[0]?.nearest,
    );
  });
});

describe('the package index', () => {
  it('reads sections without their area', () => {
    expect(index.find('sl')?.section).toBe('games');
  });

  it('is what the command makes of the words of apt-cache', async () => {
    const available = [
      'Package: libsvm3\nSource: libsvm\nVersion: 3.24+ds-6.1\nSection: libs\nDescription: Package: not a field\n',
      'Package: ffmpeg\nVersion: 7:7.1.1-1\nSection: video\n',
      'Package: libgcc-s1\nSource: gcc-14 (14.2.0-19)\nVersion: 14.2.0-19\nSection: libs',
    ].join('\n');
    const folder = await mkdtemp(join(tmpdir(), 'nstack-test-apt-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'apt-cache'), '#!/bin/sh\nprintf "%s\\n" "$AVAILABLE"\n', { mode: 0o755 });
    const text = execFileSync('/bin/sh', ['-c', packageIndexCommand], {
      env: { PATH: `${folder}:${process.env.PATH}`, AVAILABLE: available },
      encoding: 'utf8',
    });
    expect(text.split('\n')).toEqual([
      'libsvm3\tlibsvm\t3.24+ds-6.1\tlibs',
      'ffmpeg\tffmpeg\t7:7.1.1-1\tvideo',
      'libgcc-s1\tgcc-14\t14.2.0-19\tlibs',
      '',
    ]);
  });
});
