import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { baseReference } from '../../src/builder/base/base-image.ts';
import { type CompileOptions, compileCode } from '../../src/builder/compile.ts';
import { removeBuilders } from '../../src/builder/warm/remove-builders.ts';
import { type Diagnostic, ownIdentity } from '../../src/core/index.ts';
import { type ContainerEngine, ownerLabel } from '../../src/engine/index.ts';
import type { CompileRecipe } from '../../src/stacks/index.ts';
import { patience, testEngine } from '../support/engine.ts';
import { docker } from '../support/nstack.ts';
import { buildersOf } from './support/builders-of.ts';
import { noToolchain } from './support/no-toolchain.ts';

const finding: Diagnostic = { code: 'compile-error', severity: 'error', message: 'Service.x:1 is wrong' };

/** A "compiler" that is a shell script in the base image. */
function compiler(script: string, changes: Partial<CompileRecipe> = {}): CompileRecipe {
  return {
    toolchain: noToolchain,
    sources: [{ path: '/build/src/Service.x', content: Buffer.from('code'), mode: 0o644 }],
    generated: [{ path: '/build/main/Main.x', content: Buffer.from('main'), mode: 0o644 }],
    command: ['/bin/sh', '-euc', script],
    env: { WORD: 'a word' },
    explain: (output) => (output.includes('wrong') ? [finding] : []),
    ...changes,
  };
}

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

describe.each([
  { where: 'a container of its own', service: 'SpeedOnce', warm: false },
  { where: 'the warm builder of the service', service: 'SpeedWarm', warm: true },
])('compiling in $where', ({ service, warm }) => {
  afterEach(() => removeBuilders(engine, (builder) => builder.service === service));

  function compile(recipe: CompileRecipe, changes: Partial<CompileOptions> = {}) {
    const options = { service, warm, toolchain: baseReference, onLine: () => {}, signal: patience() };
    return compileCode(engine, recipe, { ...options, ...changes });
  }

  test('makes layers of what the command leaves', async () => {
    const script = `mkdir -p out/code/service out/shim/usr/lib
      cat src/Service.x main/Main.x >out/code/service/service; chmod 755 out/code/service/service
      printf '%s' "$WORD" >out/shim/usr/lib/word`;
    const { layers, warnings } = await compile(compiler(script));
    const shown = layers.map(({ name, files }) => [
      name,
      files.map(({ path, content, mode }) => [path, String(content), mode]),
    ]);
    expect(Object.fromEntries(shown)).toEqual({
      code: [['/service/service', 'codemain', 0o755]],
      shim: [['/usr/lib/word', 'a word', 0o644]],
    });
    expect(warnings).toEqual([]);
  });

  test('gives the command no rights and no network', async () => {
    const lines: string[] = [];
    const script =
      'id -u; tail -n +3 /proc/net/dev | cut -d: -f1; grep CapEff /proc/self/status; touch /etc/x || true; mkdir -p out/code; touch out/code/x';
    await compile(compiler(script), { onLine: (line) => lines.push(line.trim()) });
    expect(lines).toEqual(
      expect.arrayContaining([
        '65532',
        'lo',
        'CapEff:\t0000000000000000',
        expect.stringMatching(/Permission denied|Read-only file system/),
      ]),
    );
  });

  test('fails with the findings that the recipe reads', async () => {
    await expect(compile(compiler('echo wrong >&2; exit 1'))).rejects.toMatchObject({
      code: 'build-failed',
      message: `the code of ${service} does not compile`,
      diagnostics: [finding],
    });
  });

  test("fails with the command's own words where nothing reads them", async () => {
    await expect(compile(compiler('echo strange; exit 3'))).rejects.toThrow(
      `the code of ${service} does not compile: exit code 3\n  | strange`,
    );
  });

  test.each([
    ['a link', 'mkdir -p out/code; ln -s /etc/passwd out/code/link', 'out/code/link'],
    ['a layer that no image has', 'mkdir -p out/other; touch out/other/x', 'out/other/x'],
    ['a file beside the layers', 'mkdir -p out; touch out/x', 'out/x'],
  ])('refuses %s', async (_, script, path) => {
    await expect(compile(compiler(script))).rejects.toThrow(
      `${service} left ${path}, which is no file of a layer`,
    );
  });

  test('leaves nothing behind when it is interrupted', async () => {
    const controller = new AbortController();
    const began = Promise.withResolvers<void>();
    const compiling = compile(compiler('echo began; sleep 60'), {
      onLine: () => began.resolve(),
      signal: controller.signal,
    });
    await began.promise;
    controller.abort();
    await expect(compiling).rejects.toMatchObject({ code: 'interrupted' });
    const mine = `label=${ownerLabel}=${await ownIdentity()}`;
    await expect.poll(() => docker('ps', '-aq', '--filter', mine)).toBe('');
    expect(await buildersOf(service)).toEqual([]);
  });
});
