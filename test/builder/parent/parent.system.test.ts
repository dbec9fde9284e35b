import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { labels } from '../../../src/registry/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../../stacks/support/service-folder.ts';
import { testEngine } from '../../support/engine.ts';
import { answerOf, build, codeOf, manifestOf, temporaryName } from '../support/built-service.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

describe('a service with a parent', () => {
  it('in Python, imports the modules of its parent, reads its files and variables, and uses its packages', async () => {
    const [framework, name] = [temporaryName(engine), temporaryName(engine)];
    const parentFolder = await serviceFolder({
      'nstack.yaml': manifestOf(
        framework,
        'entry: framework.py',
        'packages: [pip:six==1.17.0]',
        'files: [words.txt, acme/*.py]',
        'env: { TONE: kind }',
      ),
      'framework.py': 'def answer() -> str:\n    return "the parent"\n',
      'acme/__init__.py': '',
      'acme/greeting.py':
        "import os\nimport six\n\n\ndef greet(name: str) -> str:\n    return f\"{os.environ['TONE']} {open('words.txt').read()} {name} {six.__version__}\"\n",
      'words.txt': 'hello',
    });
    const parent = await build(engine, parentFolder);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, `parent: ${framework}:0.0.1-SNAPSHOT`),
      'service.py':
        'from acme.greeting import greet\nimport framework\n\n\ndef answer() -> str:\n    return greet(framework.answer())\n',
    });
    const child = await build(engine, folder);
    expect(await answerOf(engine, child.service.image, folder)).toBe('kind hello the parent 1.17.0');
    const [below, above] = await Promise.all(
      [parent, child].map(({ service }) => engine.inspectImage(service.image)),
    );
    expect(above?.layers.slice(0, below?.layers.length)).toEqual(below?.layers);
    expect(above?.layers.length).toBe((below?.layers.length ?? 0) + 1);
    expect(above?.labels[labels.packages]).toContain('"six"');
    expect(above?.labels[labels.packages]).toBe(below?.labels[labels.packages]);

    // The child's lock names the layers that it stands on: what else the parent's image says of itself is no other ground.
    const manifest = await readFile(join(parentFolder.root, 'nstack.yaml'), 'utf8');
    await writeFiles(parentFolder.root, { 'nstack.yaml': `${manifest}description: said later\n` });
    const described = await build(engine, await readFolder(parentFolder.root));
    expect(described.service.imageId).not.toBe(parent.service.imageId);
    await build(engine, folder, { frozen: true });
  });

  it('in Java, extends the classes of its parent, which its own parent has come from', async () => {
    const [first, second, third] = [temporaryName(engine), temporaryName(engine), temporaryName(engine)];
    const manifest = (name: string, ...lines: readonly string[]) =>
      manifestOf(name, ...lines).replace('python', 'java');
    await build(
      engine,
      await serviceFolder({
        'nstack.yaml': manifest(first, 'entry: acme/Greeting.java'),
        'acme/Greeting.java':
          'package acme;\npublic class Greeting {\n  public String answer() { return "hello " + name(); }\n  protected String name() { return "you"; }\n}\n',
      }),
    );
    await build(
      engine,
      await serviceFolder({
        'nstack.yaml': manifest(second, `parent: ${first}`, 'entry: acme/Louder.java'),
        'acme/Louder.java':
          'package acme;\npublic class Louder extends Greeting {\n  @Override public String answer() { return super.answer().toUpperCase(); }\n}\n',
      }),
    );
    const folder = await serviceFolder({
      'nstack.yaml': manifest(third, `parent: ${second}`),
      'Service.java':
        'public class Service extends acme.Louder {\n  @Override protected String name() { return "all"; }\n  @Override public String answer() { return super.answer(); }\n}\n',
    });
    const { service } = await build(engine, folder);
    expect(await answerOf(engine, service.image, folder)).toBe('HELLO ALL');
  }, 240_000);

  it('is built anew when its parent has changed, and is not otherwise', async () => {
    const [framework, name] = [temporaryName(engine), temporaryName(engine)];
    const parentFolder = (answer: string) =>
      serviceFolder({
        'nstack.yaml': manifestOf(framework, 'entry: framework.py'),
        'framework.py': `def answer() -> str:\n    return "${answer}"\n`,
      });
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, `parent: ${framework}`),
      'service.py': 'import framework\n\n\ndef answer() -> str:\n    return framework.answer()\n',
    });
    await build(engine, await parentFolder('one'));
    expect(await build(engine, folder)).toMatchObject({ changed: true });
    expect(await build(engine, folder)).toMatchObject({ changed: false });
    await build(engine, await parentFolder('two'));
    const { changed, service } = await build(engine, folder);
    expect({ changed, answer: await answerOf(engine, service.image, folder) }).toEqual({
      changed: true,
      answer: 'two',
    });
  });

  it('is refused at the line of `parent` where that is in another language', async () => {
    const [other, name] = [temporaryName(engine), temporaryName(engine)];
    await build(
      engine,
      await serviceFolder({ 'nstack.yaml': manifestOf(other), 'service.py': codeOf('"a"') }),
    );
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, `parent: ${other}`).replace('python', 'java'),
      'Service.java': 'public class Service { public String answer() { return ""; } }',
    });
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'manifest-invalid',
      message: `${name} is java, and ${other} 0.0.1-SNAPSHOT is python`,
      diagnostics: [{ place: { file: folder.manifestFile, line: 5, column: 9, length: other.length } }],
    });
  });

  it('is refused where its parent is not here, with the way to get it', async () => {
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(temporaryName(engine), 'parent: Nowhere.Framework:1.0.0'),
    });
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'service-unknown',
      message: expect.stringContaining('Nowhere.Framework:1.0.0, which is not here'),
      hint: expect.stringContaining('nstack pull'),
      diagnostics: [{ place: { line: 5, column: 9 } }],
    });
  });

  it('is refused where it would be built on itself, alone or by way of another', async () => {
    const [first, second] = [temporaryName(engine), temporaryName(engine)];
    const folderOf = (name: string, ...lines: readonly string[]) =>
      serviceFolder({ 'nstack.yaml': manifestOf(name, ...lines), 'service.py': codeOf('"a"') });
    await build(engine, await folderOf(first));
    await expect(build(engine, await folderOf(first, `parent: ${first}`))).rejects.toMatchObject({
      code: 'manifest-invalid',
      message: expect.stringContaining(`${first}:0.0.1-SNAPSHOT -> ${first}:0.0.1-SNAPSHOT`),
    });
    await build(engine, await folderOf(second, `parent: ${first}`));
    await expect(build(engine, await folderOf(first, `parent: ${second}`))).rejects.toMatchObject({
      message: expect.stringContaining(`${second}:0.0.1-SNAPSHOT -> ${first}:0.0.1-SNAPSHOT`),
    });
  });
});
