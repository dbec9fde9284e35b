import { beforeAll, describe, expect, it } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { writeFiles } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import { nstack } from '../support/nstack.ts';
import { codeOf, manifestOf, temporaryName } from './support/built-service.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

describe('a project of several services', () => {
  it('is checked and built whole, parents first; services with the same packages share them, and one that fails keeps back its children alone', async () => {
    const [framework, child, alike, broken, lost] = [1, 2, 3, 4, 5].map(() => temporaryName(engine));
    const root = await temporaryFolder();
    await writeFiles(root, {
      'nstack-project.yaml': 'modules: [child, framework, alike, broken, lost]\n',
      'child/nstack.yaml': manifestOf(
        `${child}`,
        `parent: ${framework}`,
        'buildSecrets: { PROJECT_TOKEN: [commands] }',
        'commands: ["test -s /run/secrets/PROJECT_TOKEN"]',
      ),
      'child/service.py':
        'from framework import answer as parents\n\n\ndef answer() -> str:\n    return parents()\n',
      'framework/nstack.yaml': manifestOf(
        `${framework}`,
        'entry: framework.py',
        'packages: [pip:six==1.16.0]',
      ),
      'framework/framework.py': codeOf('"framework"'),
      'alike/nstack.yaml': manifestOf(`${alike}`, 'packages: [pip:six==1.16.0]'),
      'alike/service.py': codeOf('"alike"'),
      'broken/nstack.yaml': manifestOf(`${broken}`, 'packages: [pip:six==1.16.0]'),
      'broken/service.py': 'def answer() -> int:\n    return 1\n',
      'lost/nstack.yaml': manifestOf(`${lost}`, `parent: ${broken}`),
      'lost/service.py': codeOf('"lost"'),
    });
    const built = await nstack(['build', '--json', '--secret=PROJECT_TOKEN=env:MY_TOKEN'], {
      cwd: root,
      env: { MY_TOKEN: 'of the child alone' },
    });
    expect(built.code, built.stderr).toBe(2);
    expect(JSON.parse(built.stdout)).toMatchObject([
      { module: 'framework', name: framework, changed: true },
      { module: 'child', name: child, changed: true },
      { module: 'alike', name: alike, changed: true },
      {
        module: 'broken',
        name: broken,
        error: { code: 'contract-broken', diagnostics: [{ place: { line: 4 } }] },
      },
      { module: 'lost', name: lost, skipped: { because: 'broken' } },
    ]);

    const layersOf = async (name = '') =>
      (await engine.inspectImage(`nstack/${name.toLowerCase()}:0.0.1-SNAPSHOT`))?.layers ?? [];
    const [below, above, beside] = await Promise.all([framework, child, alike].map(layersOf));
    expect(above?.slice(0, below?.length)).toEqual(below);
    // All but the code.
    expect(beside?.slice(0, -1)).toEqual(below?.slice(0, -1));

    const checked = await nstack(['check'], { cwd: root });
    expect(checked).toMatchObject({ code: 2, stdout: '' });
    expect(checked.stderr).toMatch(/alike \| .* keeps its API/);
    expect(checked.stderr).toMatch(/^MODULE +SERVICE +RESULT$/m);
    expect(checked.stderr).toMatch(/lost \| .* keeps its API/);
  }, 120_000);
});
