import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';
import { testEngine } from '../../support/engine.ts';
import { nstack } from '../../support/nstack.ts';
import { codeOf, manifestOf, temporaryName } from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

interface Explained {
  readonly changed: boolean;
  readonly layers: readonly { readonly layer: string; readonly state: string; readonly because: string[] }[];
}

it('nstack build --explain says which file or key changed which layer, on any machine as far as is known', async () => {
  const name = temporaryName(engine);
  const manifest = manifestOf(name, 'files: [words.txt]');
  const { root } = await serviceFolder({
    'nstack.yaml': manifest,
    'service.py': codeOf('"first"'),
    'words.txt': 'one',
  });
  const cache = await temporaryFolder();
  const explain = async (XDG_CACHE_HOME = cache) => {
    const { code, stdout } = await nstack(['build', '--explain', '--json'], {
      cwd: root,
      env: { XDG_CACHE_HOME },
    });
    expect(code).toBe(0);
    const { changed, layers }: Explained = JSON.parse(stdout);
    const because = layers.flatMap((one) => one.because.map((reason) => `${one.layer}: ${reason}`));
    return { changed, states: new Set(layers.map(({ state }) => state)), because };
  };
  expect(await explain()).toEqual({ changed: true, states: new Set(['new']), because: [] });
  expect(await explain()).toEqual({ changed: false, states: new Set(['unchanged']), because: [] });

  await writeFile(join(root, 'service.py'), codeOf('"second"'));
  await writeFile(join(root, 'words.txt'), 'two');
  await writeFile(join(root, 'nstack.yaml'), `${manifest}limits: { memory: 256MiB }\n`);
  expect(await explain()).toEqual({
    changed: true,
    states: new Set(['unchanged', 'rebuilt']),
    because: ['files: words.txt changed', 'code: service.py changed', 'image: nstack.yaml: limits changed'],
  });

  const elsewhere = await explain(await temporaryFolder());
  expect(elsewhere).toMatchObject({ changed: false, states: new Set(['unchanged']) });
  await writeFile(join(root, 'service.py'), codeOf('"third"'));
  const unknown = 'the image was built elsewhere';
  expect((await explain(await temporaryFolder())).because).toEqual([`code: ${unknown}`, `image: ${unknown}`]);
  const shown = await nstack(['build', '--explain'], { cwd: root, env: { XDG_CACHE_HOME: cache } });
  expect(shown.stdout).toMatch(/^LAYER +STATE +TOOK +SIZE/);
  expect(shown.stdout).toMatch(/^base +unchanged +\d+(\.\d)? MB$/m);
  expect(shown.stdout).toMatch(/^runtime +unchanged +\d+(\.\d)? MB$/m);
  expect(shown.stdout).toMatch(/^code +unchanged +\d+(\.\d)? kB$/m);
});
