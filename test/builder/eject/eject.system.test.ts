import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ejectService } from '../../../src/builder/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { probeService, type ServiceFolder } from '../../../src/stacks/index.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';
import { temporaryTag, testEngine } from '../../support/engine.ts';
import { docker } from '../../support/nstack.ts';
import { build, manifestOf, temporaryName } from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { buildWithBuildKit, dockerWithBuildKit } from './support/docker-with-buildkit.ts';
import { imageTree } from './support/image-tree.ts';
import { networkArguments } from './support/network-arguments.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

const client = await dockerWithBuildKit();

/** What the README says, with this machine's network, by the builder that docker has for it: BuildKit, or where its client does not reach that the classic one. Answers the image's tag. */
async function dockerBuild(folder: string): Promise<string> {
  const tag = temporaryTag(engine);
  const args = [
    ...(await networkArguments(folder)),
    '--build-arg',
    'BASE=nstack/base:trixie',
    '-t',
    tag,
    folder,
  ];
  if (client === undefined) await docker('build', ...args);
  else await buildWithBuildKit(client, args, {});
  return tag;
}

/** Ejects, builds with docker alone, and compares both images. */
async function expectSameImage(folder: ServiceFolder): Promise<void> {
  const to = join(await temporaryFolder(), 'image');
  const built = await build(engine, folder, { signal: AbortSignal.timeout(500_000) });
  await ejectService(engine, folder, {
    to,
    replace: false,
    signal: AbortSignal.timeout(500_000),
    onProgress: () => {},
    probe: async () => {},
  });
  const tag = await dockerBuild(to);
  const [ours, theirs] = await Promise.all(
    [built.service.image, tag].map((name) => engine.inspectImage(name)),
  );
  const configOf = (image: typeof ours) => {
    const { User, Entrypoint, WorkingDir, Env } = image?.config ?? {};
    const { 'io.nstack.layers': _, ...labels } = image?.labels ?? {};
    return { User, Entrypoint, WorkingDir, Env, labels };
  };
  expect(configOf(theirs)).toEqual(configOf(ours));
  const trees = await Promise.all([built.service.image, tag].map((name) => imageTree(name)));
  expect(trees[1]).toEqual(trees[0]);
  const signal = AbortSignal.timeout(60_000);
  const { diagnostics } = await probeService(engine, tag, folder, { signal });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
}

const hostile = '"; RUN touch $HOME/evil #\\';

describe('an ejected service', () => {
  it('in Python, with packages, commands, odd names and a parent, is the same image by docker alone', async () => {
    const [framework, name] = [temporaryName(engine), temporaryName(engine)];
    await build(
      engine,
      await serviceFolder({
        'nstack.yaml': manifestOf(framework, 'entry: framework.py', 'env: { TONE: kind }'),
        'framework.py': 'def answer() -> str:\n    return "the parent"\n',
      }),
    );
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(
        name,
        `parent: ${framework}`,
        'packages: [pip:six==1.17.0]',
        'files: ["data/**"]',
        'commands:',
        `  - ${JSON.stringify(`cp "data/$(ls data | head -n 1)" made.txt; printf '%s' '${hostile.replaceAll("'", '')}' >hostile.txt`)}`,
        `env: { ODD: ${JSON.stringify(`${hostile}\nRUN touch /evil`)} }`,
        `description: ${JSON.stringify(`${hostile}\nline two`)}`,
        'limits: { memory: 256MiB }',
      ),
      'service.py': 'import framework\nimport six\n\n\ndef answer() -> str:\n    return framework.answer()\n',
      'data/a $HOME "b" [*].txt': 'odd',
      'data/certificates.pem': 'mine',
      'data/.dockerignore': '*',
    });
    await expectSameImage(folder);
  }, 600_000);

  it('in Java, with a jar of Maven, is the same image by docker alone', async () => {
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(
        temporaryName(engine),
        'packages: ["maven:org.apache.commons:commons-lang3:3.14.0"]',
      ).replace('python', 'java'),
      'Service.java':
        'import org.apache.commons.lang3.StringUtils;\n\npublic class Service {\n    public String answer() {\n        return StringUtils.reverse("a");\n    }\n}\n',
    });
    await expectSameImage(folder);
  }, 600_000);

  it('in Haskell is the same image by docker alone', async () => {
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(temporaryName(engine)).replace('python', 'haskell'),
      'Service.hs':
        'module Service where\n\nimport Data.Text (Text, pack)\n\nanswer :: IO Text\nanswer = pure (pack "a")\n',
    });
    await expectSameImage(folder);
  }, 600_000);

  it('overwrites nothing, unless it is told to', async () => {
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(temporaryName(engine)),
      'service.py': 'def answer() -> str:\n    return "a"\n',
    });
    const to = await temporaryFolder();
    await mkdir(join(to, 'layers'), { recursive: true });
    await writeFile(join(to, 'layers/mine.txt'), 'mine');
    const eject = (replace: boolean) =>
      ejectService(engine, folder, {
        to,
        replace,
        signal: AbortSignal.timeout(60_000),
        onProgress: () => {},
        probe: async () => {},
      });
    await expect(eject(false)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('it holds layers'),
      hint: expect.stringContaining('--force'),
    });
    await eject(true);
    expect(await readFile(join(to, 'layers/mine.txt'), 'utf8')).toBe('mine');
    expect(await readFile(join(to, 'README.md'), 'utf8')).toContain('docker build');
  });
});
