import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { withServiceLock } from '../../src/builder/service-lock.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { labels } from '../../src/registry/index.ts';
import { serviceFolder } from '../stacks/support/service-folder.ts';
import { patience, testEngine } from '../support/engine.ts';
import { nstack } from '../support/nstack.ts';
import { codeOf, manifestOf, temporaryName } from './support/built-service.ts';
import { imageSent, recordedEngine } from './support/recorded-engine.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

const load = 'POST /images/load';

/** A folder with code and files that is built and remembered, so that the next build expects its image. */
async function rememberedFolder() {
  const name = temporaryName(engine);
  const { root } = await serviceFolder({
    'nstack.yaml': manifestOf(name, 'files: [data, words.txt]'),
    'service.py': codeOf('"first"'),
    'data/one.txt': 'one',
    'words.txt': 'hello',
    'notes.md': 'no part of the image',
  });
  const cache = await temporaryFolder();
  const { host, requests } = await recordedEngine();
  const build = async (env: NodeJS.ProcessEnv = {}) => {
    requests.length = 0;
    const { code, stdout, stderr } = await nstack(['build', '--json'], {
      cwd: root,
      env: { DOCKER_HOST: host, XDG_CACHE_HOME: cache, ...env },
    });
    const result = code === 0 ? JSON.parse(stdout) : undefined;
    const { imageId, changed }: { readonly imageId?: string; readonly changed?: boolean } = result ?? {};
    const loads = requests.filter((request) => request === load).length;
    return { code, stderr, imageId, changed, loads, asked: [...requests] };
  };
  const write = (path: string, text: string) => writeFile(join(root, path), text);
  // The first writes nstack.lock, and so is not remembered; the second is.
  await build();
  await write('service.py', codeOf('"second"'));
  expect(await build()).toMatchObject({ code: 0, changed: true });
  const image = `nstack/${name.toLowerCase()}:0.0.1-SNAPSHOT`;
  // Without the image and without what is remembered.
  const buildPlainly = async () => {
    await engine.removeImage(image);
    return build({ XDG_CACHE_HOME: await temporaryFolder() });
  };
  const left = async () => {
    const images = await engine.listImages(`${labels.name}=${name}`);
    return images.map(({ tags }) => tags.join());
  };
  /** Builds both ways, which leave the very same image and nothing else. */
  const buildsTheSame = async (what: string) => {
    const built = await build();
    expect(built, what).toMatchObject({ code: 0, changed: true, loads: 1 });
    expect(await left(), what).toEqual([image]);
    expect((await buildPlainly()).imageId, what).toBe(built.imageId);
    return { wasExpected: wasExpected(built) };
  };
  return { name, root, write, build, buildsTheSame, left, image };
}

/** Whether the image was sent before the engine was connected to. */
function wasExpected({ asked }: { readonly asked: readonly string[] }): boolean {
  return asked.indexOf(imageSent) < asked.indexOf('GET /version');
}

describe('an image that follows from the contents of files', () => {
  it('is the very one that a build makes which expects nothing', async () => {
    const { root, write, buildsTheSame } = await rememberedFolder();
    const changes: readonly [string, () => Promise<unknown>][] = [
      ['code', () => write('service.py', codeOf('"third"'))],
      ['a file', () => write('words.txt', 'good day')],
      [
        'a file in a folder, and code',
        () => Promise.all([write('data/one.txt', 'eins'), write('service.py', codeOf('"fourth"'))]),
      ],
      ['a file that becomes empty', () => write('data/one.txt', '')],
      ['a large file', () => write('words.txt', 'word '.repeat(200_000))],
      [
        'a file that is written aside',
        async () => {
          await write('aside', 'from aside');
          await rename(join(root, 'aside'), join(root, 'words.txt'));
        },
      ],
    ];
    for (const [what, change] of changes) {
      await change();
      expect(await buildsTheSame(what), what).toEqual({ wasExpected: true });
    }
  });

  it('is not expected where anything else changed', async () => {
    const { root, write, buildsTheSame, name } = await rememberedFolder();
    const changes: readonly [string, () => Promise<unknown>][] = [
      ['another file', () => write('data/two.txt', 'two')],
      ['a file that is gone', () => rm(join(root, 'data/two.txt'))],
      ['a mode', () => chmod(join(root, 'words.txt'), 0o755)],
      [
        'nstack.yaml',
        () => write('nstack.yaml', manifestOf(name, 'files: [data, words.txt]', 'env: { A: b }')),
      ],
      ['a name', () => rename(join(root, 'data/one.txt'), join(root, 'data/three.txt'))],
      [
        'a folder',
        async () => {
          await mkdir(join(root, 'data/more'));
          await write('data/more/four.txt', 'four');
        },
      ],
      ['a file that takes long to read', () => write('words.txt', 'w'.repeat(9 * 1024 * 1024))],
    ];
    for (const [what, change] of changes) {
      await change();
      await write('service.py', codeOf(`"${what}"`));
      expect(await buildsTheSame(what), what).toEqual({ wasExpected: false });
    }
  });

  it('is taken back where the build makes another, and nothing of it is left', async () => {
    const { write, build, left, image } = await rememberedFolder();
    await write('service.py', codeOf('"third"'));
    // The time is of the image's config, and no file's.
    const built = await build({ SOURCE_DATE_EPOCH: '1700000000' });
    expect(built).toMatchObject({ code: 0, changed: true, loads: 2 });
    expect((await engine.inspectImage(image))?.created).toBe('2023-11-14T22:13:20Z');
    expect(await left()).toEqual([image]);
  });

  it('is taken back where the code is wrong, and the image that was there stays', async () => {
    const { write, build, left, image } = await rememberedFolder();
    const before = await engine.inspectImage(image);
    await write('service.py', 'def answer(:\n');
    expect(await build()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('service.py:1'),
      loads: 1,
    });
    expect((await engine.inspectImage(image))?.id).toBe(before?.id);
    expect(await left()).toEqual([image]);
  });

  it('is made in the usual way where the engine has lost what it stands on', async () => {
    const { write, build, left, image } = await rememberedFolder();
    await engine.removeImage(image);
    await write('service.py', codeOf('"third"'));
    expect(await build()).toMatchObject({ code: 0, changed: true });
    expect(await left()).toEqual([image]);
  });

  it('waits for its turn where another process builds the service', async () => {
    const { name, write, build, left, image } = await rememberedFolder();
    await write('service.py', codeOf('"third"'));
    const ended = Promise.withResolvers<void>();
    const held = withServiceLock(
      name.toLowerCase(),
      { onWait: () => {}, signal: patience() },
      () => ended.promise,
    );
    const building = build();
    // Long enough for an image to be sent, which is made under a name that is the other's now.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await left()).toEqual([image]);
    ended.resolve();
    await held;
    expect(await building).toMatchObject({ code: 0, changed: true, loads: 1 });
    expect(await left()).toEqual([image]);
  });
});
