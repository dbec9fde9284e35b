import { describe, expect, it } from 'vitest';
import { projectModules, readProject } from '../../../src/manifest/index.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';

const manifest = (name: string, ...lines: readonly string[]) =>
  `name: ${name}\nstack: python\napi: |\n  answer : () -> Text\n${lines.map((line) => `${line}\n`).join('')}`;

async function projectWith(project: string, files: Readonly<Record<string, string>> = {}) {
  const { root } = await serviceFolder({ 'nstack-project.yaml': project, ...files });
  return readProject(root, root);
}

describe('a project', () => {
  it('has its modules in the order of the file, but for parents, which come before their children', async () => {
    const project = await projectWith('modules: [one, ./child/, two, framework]\n', {
      'one/nstack.yaml': manifest('One'),
      'child/nstack.yaml': manifest('Child', 'parent: acme/Framework:1.0.0'),
      'two/nstack.yaml': manifest('Two', 'parent: Elsewhere'),
      'framework/nstack.yaml': manifest('acme/Framework', 'version: 1.0.0', 'parent: One'),
    });
    const modules = await projectModules(project);
    expect(modules.map(({ path, parent }) => [path, parent])).toEqual([
      ['one', undefined],
      ['framework', 'one'],
      ['child', 'framework'],
      ['two', undefined],
    ]);
  });

  it('may be the folder of a service too', async () => {
    const modules = await projectModules(await projectWith('modules: [.]\n'));
    expect(modules).toMatchObject([{ path: '.', service: { manifest: { name: 'Greeter' } } }]);
  });

  it('keeps a module whose nstack.yaml is wrong as that module’s fault', async () => {
    const project = await projectWith('modules: [one, two]\n', {
      'one/nstack.yaml': 'name: One\n',
      'two/nstack.yaml': manifest('Two'),
    });
    expect(await projectModules(project)).toMatchObject([
      { path: 'one', service: { code: 'manifest-invalid' } },
      { path: 'two', service: { manifest: { name: 'Two' } } },
    ]);
  });

  const files = { 'one/nstack.yaml': manifest('One'), 'empty/.keep': '' };
  it.each([
    ['', 1, 1, 'a project file must be a mapping, found nothing'],
    ['modules: one\n', 1, 10, 'modules must be a list of folders, found "one"'],
    ['modules: []\n', 1, 10, 'modules must be a list of folders, found an empty one'],
    ['module: [one]\n', 1, 1, 'unknown key "module"'],
    ['modules: [one, 7]\n', 1, 16, 'a module must be the path of a folder, found 7'],
    [
      'modules:\n  - one\n  - ../one\n',
      3,
      5,
      'modules: "../one" leads out of the folder of nstack-project.yaml',
    ],
    ['modules:\n  - one\n  - one/\n', 3, 5, 'the folder "one" stands in modules twice'],
    ['modules:\n  - gone\n', 2, 5, 'there is no folder "gone"'],
    ['modules:\n  - empty\n', 2, 5, 'the folder "empty" holds no nstack.yaml'],
    ['modules: &a [one]\n', 1, 13, 'a project file has no anchors: &a'],
  ])('that is %j is refused at line %i, column %i', async (text, line, column, message) => {
    await expect(projectWith(text, files)).rejects.toMatchObject({
      code: 'manifest-invalid',
      diagnostics: [{ message, place: { file: 'nstack-project.yaml', line, column } }],
    });
  });

  it('says which modules are one service, or stand on each other in a circle', async () => {
    const twice = await projectWith('modules: [one, two]\n', {
      'one/nstack.yaml': manifest('One'),
      'two/nstack.yaml': manifest('One'),
    });
    await expect(projectModules(twice)).rejects.toMatchObject({
      diagnostics: [
        { message: 'two and one are both the service One 0.0.1-SNAPSHOT', place: { line: 1, column: 16 } },
      ],
    });
    const circle = await projectWith('modules: [one, two]\n', {
      'one/nstack.yaml': manifest('One', 'parent: Two'),
      'two/nstack.yaml': manifest('Two', 'parent: One'),
    });
    await expect(projectModules(circle)).rejects.toMatchObject({
      diagnostics: [
        { message: expect.stringContaining('one -> two -> one'), place: { line: 1, column: 11 } },
      ],
    });
  });
});
