import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../builder/support/temporary-folder.ts';
import { nstack } from '../../support/nstack.ts';
import { writeFiles } from '../support/service-folder.ts';
import { filesOf, writeService } from './service-folder.ts';

const kept = filesOf({ api: 'f: Text -> Text', code: 'def f(x: str) -> str:\n  return x' });
const broken = filesOf({ api: 'f: Text -> Text', code: 'def f(x: int) -> str:\n  return ""' });
const unknown = filesOf({
  api: 'f: Text -> Text',
  code: 'import np\ndef f(x: np.str_) -> str:\n  return ""',
});

describe('nstack check', () => {
  it('says in one line that a service keeps its API, and nothing on stdout', async () => {
    await using folder = await writeService(kept);
    expect(await nstack(['check'], { cwd: folder.root })).toEqual({
      code: 0,
      signal: null,
      stdout: '',
      stderr: 'Mismatch keeps its API: 1 function checked\n',
    });
  });

  it('says what was left to the probe', async () => {
    await using folder = await writeService(unknown);
    const { code, stderr } = await nstack(['check', '.'], { cwd: folder.root });
    expect(code).toBe(0);
    expect(stderr).toContain(
      'service.py:5 has np.str_ for x, which cannot be told without running it; left to the probe',
    );
    expect(stderr).toContain(
      'Mismatch keeps its API: 1 function checked; 1 left to the probe, which is part of nstack build\n',
    );
  });

  it('reads the modules of a project at the same time, whatever their languages', async () => {
    const root = await temporaryFolder();
    const manifest = (name: string, stack: string) =>
      `name: ${name}\nstack: ${stack}\napi: |\n  f : () -> Text\n`;
    await writeFiles(root, {
      'nstack-project.yaml': 'modules: [one, two, three, four]\n',
      'one/nstack.yaml': manifest('One', 'python'),
      'one/service.py': 'def f() -> str:\n    return ""\n',
      'two/nstack.yaml': manifest('Two', 'java'),
      'two/Service.java': 'public class Service {\n  public String f() { return ""; }\n}\n',
      'three/nstack.yaml': manifest('Three', 'haskell'),
      'three/Service.hs': 'module Service where\nimport Data.Text (Text)\n\nf :: Text\nf = mempty\n',
      'four/nstack.yaml': manifest('Four', 'python'),
      'four/service.py': 'def f() -> str:\n    return ""\n',
    });
    const { code, stderr } = await nstack(['check'], { cwd: root });
    expect(code, stderr).toBe(0);
  });

  it('ends with 2 where the contract is broken, and shows both places', async () => {
    await using folder = await writeService(broken);
    const { code, stdout, stderr } = await nstack(['check', folder.root], { cwd: folder.root });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(
      stderr,
    ).toBe(`nstack.yaml:4:3: error: f: declared "Text -> Text" at nstack.yaml:4:3, but service.py:4 takes int (Integer) for x, where Text is declared
  4 |   f: Text -> Text
    |   ^
  service.py:4:7: note: the code is here
  4 | def f(x: int) -> str:
    |       ^^^^^^

error: the code of Mismatch does not keep its declared API in one place
`);
  });

  it('prints the findings as JSON and nothing else, with the same exit codes', async () => {
    await using folder = await writeService(broken);
    const { code, stdout, stderr } = await nstack(['check', '--json'], { cwd: folder.root });
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      service: 'Mismatch',
      broken: true,
      findings: [
        {
          code: 'parameter-type',
          place: { file: 'nstack.yaml', line: 4, column: 3 },
          related: { place: { file: 'service.py', line: 4, column: 7 } },
        },
      ],
    });
  });

  it('ends with 1 where there is no service', async () => {
    const { code, stderr } = await nstack(['check'], { cwd: '/' });
    expect(code).toBe(1);
    expect(stderr).toContain('error: there is no nstack.yaml in /\n');
  });
});
