import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { baseReference } from '../../src/builder/base/base-image.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { serviceFolder } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import { nstack } from '../support/nstack.ts';
import { codeOf, manifestOf, temporaryName, unfinishedTags } from './support/built-service.ts';
import { recordedEngine } from './support/recorded-engine.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** A folder that is built by the program, as a user would; `build` answers what it says and what it asked of the engine. */
async function builtFolder(...lines: readonly string[]) {
  const name = temporaryName(engine);
  const { root } = await serviceFolder({
    'nstack.yaml': manifestOf(name, ...lines),
    'service.py': codeOf('"first"'),
  });
  const cache = await temporaryFolder();
  const { host, requests } = await recordedEngine();
  const build = async (env: NodeJS.ProcessEnv = {}) => {
    requests.length = 0;
    const { code, stderr } = await nstack(['build'], {
      cwd: root,
      env: { DOCKER_HOST: host, XDG_CACHE_HOME: cache, ...env },
    });
    return { code, stderr, asked: [...requests] };
  };
  expect(await build()).toMatchObject({ code: 0 });
  return { name, root, build, image: `nstack/${name.toLowerCase()}:0.0.1-SNAPSHOT` };
}

describe('nstack build where nothing changed', () => {
  it('makes one request to the engine, with what it remembers of the folder and without', async () => {
    const { name, build, image } = await builtFolder();
    const list = [`GET /images/json?filters={"reference":["${image}","${baseReference}"]}`];
    const nothing = { code: 0, stderr: `${name} 0.0.1-SNAPSHOT: nothing changed\n`, asked: list };
    expect(await build()).toEqual(nothing);
    expect(await build()).toEqual(nothing);
    expect(await build({ XDG_CACHE_HOME: await temporaryFolder() })).toEqual(nothing);
  });

  it('builds where a file changed', async () => {
    const { root, build } = await builtFolder();
    expect((await build()).stderr).toContain('nothing changed');
    await writeFile(join(root, 'service.py'), codeOf('"other"'));
    const { stderr, asked } = await build();
    expect(stderr).toContain('built in');
    expect(asked.join()).toContain('/images/load');
  });

  it('makes nothing of a file that was written as it was', async () => {
    const { root, build, name, image } = await builtFolder();
    await build();
    await writeFile(join(root, 'service.py'), codeOf('"first"'));
    const { code, stderr } = await build();
    expect({ code, stderr }).toEqual({ code: 0, stderr: `${name} 0.0.1-SNAPSHOT: nothing changed\n` });
    expect(await unfinishedTags(engine, name)).toEqual([]);
    expect(await engine.inspectImage(image)).toBeDefined();
  });

  it('fails as it would otherwise where what changed is wrong', async () => {
    const { root, build } = await builtFolder();
    await build();
    await writeFile(join(root, 'service.py'), 'def greet(:\n');
    expect(await build()).toMatchObject({ code: 2, stderr: expect.stringContaining('service.py:1') });
    await writeFile(join(root, 'nstack.yaml'), 'name: [');
    expect(await build()).toMatchObject({ code: 1, stderr: expect.stringContaining('nstack.yaml:1') });
  });

  it('builds where the image is gone, though the folder is as it was', async () => {
    const { build, image } = await builtFolder();
    await build();
    await engine.removeImage(image);
    expect((await build()).stderr).toContain('built in');
  });

  it('refuses a release of another source, however it is found', async () => {
    const { root, build, name } = await builtFolder('version: 1.0.0');
    expect((await build()).stderr).toBe(`${name} 1.0.0: nothing changed\n`);
    await writeFile(join(root, 'service.py'), codeOf('"other"'));
    expect(await build()).toMatchObject({ code: 1, stderr: expect.stringContaining('raise `version`') });
  });
});
