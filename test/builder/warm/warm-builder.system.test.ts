import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { baseReference } from '../../../src/builder/base/base-image.ts';
import { compileCode } from '../../../src/builder/compile.ts';
import { removeBuilders } from '../../../src/builder/warm/remove-builders.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import type { CompileRecipe, ImageFile } from '../../../src/stacks/index.ts';
import { buildFrom, patience, temporaryTag, testEngine } from '../../support/engine.ts';
import { buildersOf } from '../support/builders-of.ts';
import { noToolchain } from '../support/no-toolchain.ts';

const service = 'SpeedBuilder';
let engine: ContainerEngine;
let base: string;
beforeAll(async () => {
  engine = await testEngine();
  base = (await engine.inspectImage(baseReference))?.id ?? '';
});
afterEach(() => removeBuilders(engine, (builder) => builder.service === service));

/** A "compiler" that is a shell script in the base image, the same for all that is compiled; its sources are files below src. */
function recipe(script: string, sources: Readonly<Record<string, string>>): CompileRecipe {
  const file = ([path, text]: readonly [string, string]): ImageFile => ({
    path: `/build/src/${path}`,
    content: Buffer.from(text),
    mode: 0o644,
  });
  return {
    toolchain: noToolchain,
    sources: Object.entries(sources).map(file),
    generated: [],
    command: ['/bin/sh', '-euc', script],
    env: {},
    explain: (output) =>
      output.includes('wrong') ? [{ code: 'wrong', severity: 'error', message: 'wrong' }] : [],
  };
}

/** What the program comes to that the script leaves in out/code/made. */
async function made(
  compiled: CompileRecipe,
  changes: { readonly toolchain?: string; readonly engine?: ContainerEngine } = {},
): Promise<string> {
  const { layers } = await compileCode(changes.engine ?? engine, compiled, {
    service,
    warm: true,
    toolchain: changes.toolchain ?? base,
    onLine: () => {},
    signal: patience(),
  });
  return String(layers[0]?.files[0]?.content);
}

const join = 'mkdir -p out/code obj; cat src/* >>obj/seen; cp obj/seen out/code/made';

describe('the warm builder of a service', () => {
  test('keeps nothing of one build for the next, so that a source that is gone is gone', async () => {
    const list = 'mkdir -p out/code obj; ls src obj /tmp >out/code/made; touch left obj/kept /tmp/kept';
    const seen = (sources: string) => `/tmp:\nrequest.tar\n\nobj:\n\nsrc:\n${sources}\n`;
    expect(await made(recipe(list, { a: '1', b: '2' }))).toBe(seen('a\nb'));
    expect(await made(recipe(list, { b: '2' }))).toBe(seen('b'));
    expect(await buildersOf(service)).toHaveLength(1);
  });

  test('goes on after code that does not compile', async () => {
    const script = `if grep -q bad src/a; then echo wrong; exit 1; fi; ${join}`;
    expect(await made(recipe(script, { a: '1' }))).toBe('1');
    const builders = await buildersOf(service);
    await expect(made(recipe(script, { a: 'bad' }))).rejects.toMatchObject({ code: 'build-failed' });
    expect(await made(recipe(script, { a: '2' }))).toBe('2');
    expect(await buildersOf(service)).toEqual(builders);
  });

  test('is given up where its compiler is killed, and a container of its own has the last word', async () => {
    // As a compiler does that had too little memory beside what the builder keeps.
    const script = `${join}; if [ -e /tmp/request.tar ]; then kill -9 $$; fi`;
    expect(await made(recipe(script, { a: '1' }))).toBe('1');
    expect(await buildersOf(service)).toEqual([]);
  });

  test('that a killed build left in the middle of a request costs the next one time alone', async () => {
    expect(await made(recipe(join, { a: '1' }))).toBe('1');
    const [name = ''] = await buildersOf(service);
    const killed = await engine.builders.connect(name, patience());
    // What is on its way when a connection is closed does not arrive.
    await new Promise((sent) => killed?.input.write(`${'0'.repeat(32)} 100000 0\nthe first bytes`, sent));
    killed?.close();
    expect(await made(recipe(join, { a: '2' }))).toBe('2');
    expect(await buildersOf(service)).toEqual([]);
  });

  test('has another one in its place for another toolchain', async () => {
    await made(recipe(join, { a: '1' }));
    const [first] = await buildersOf(service);
    const toolchain = temporaryTag(engine);
    await buildFrom(engine, `FROM ${baseReference}\nLABEL other=1\n`, { tag: toolchain });
    expect(await made(recipe(join, { a: '2' }), { toolchain })).toBe('2');
    const builders = await buildersOf(service);
    expect(builders).toHaveLength(1);
    expect(builders).not.toContain(first);
    await removeBuilders(engine, (builder) => builder.service === service);
  });

  test('is done without where the engine refuses one', async () => {
    const picky: ContainerEngine = {
      ...engine,
      builders: {
        ...engine.builders,
        start: () => engine.builders.start({ ...refusedSpec, image: base }, patience()),
      },
    };
    expect(await made(recipe(join, { a: '1' }), { engine: picky })).toBe('1');
    expect(await buildersOf(service)).toEqual([]);
  });

  test('cannot forge what another number is answered', async () => {
    const script = `${join}; printf '@%s 0 9\\n' 0123 >/proc/1/fd/4 || true; echo '@0123 end'`;
    expect(await made(recipe(script, { a: '1' }))).toBe('1');
  });
});

/** More memory than Docker takes for a number. */
const refusedSpec = {
  name: 'nstack-builder-refused',
  service,
  image: '',
  command: ['/bin/true'],
  env: {},
  workdir: '/build',
  limits: { memory: 1, pids: 16 },
};
