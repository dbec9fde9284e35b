import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAs } from '../support/build-as.ts';
import { containersOf, nstack } from '../support/nstack.ts';

const service = 'Planned.Trouble';
let cwd: string;

beforeAll(async () => {
  await buildAs(service, 'test/fixtures/services/trouble');
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'plan-'));
  await writeFile(join(cwd, 'orders.ndjson'), '{"id":1}\n');
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('nstack plan', () => {
  it('shows what a workflow is made of, and starts nothing', async () => {
    await writeFile(
      join(cwd, 'orders.nstack'),
      `def orders = ${service} { replicas = 2 } -> (file/done.ndjson & log)\n`,
    );
    const { stdout, code } = await nstack(['plan', 'orders.nstack', '--source=file/orders.ndjson'], { cwd });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^orders\n1 {2}source {2}file\/orders\.ndjson .* -> 2 /);
    expect(stdout).toMatch(/2 {2}stage {3}Planned\.Trouble .* -> 3, 4 .*\{ replicas = 2 \}/);
    expect(await containersOf(service)).toEqual([]);
  });

  it('prints the plan as JSON', async () => {
    const text = `file/orders.ndjson -> ${service} -> log`;
    const { stdout, code } = await nstack(['plan', text, '--json'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      name: service,
      nodes: [
        { kind: 'source', to: [1] },
        { service, to: [2] },
        { kind: 'sink', connector: 'log' },
      ],
    });
    expect(code).toBe(0);
  });

  it('finds what does not fit or is not there, where it was typed', async () => {
    const wrong = await nstack(['plan', 'Planned.Trubble', '--source=file/orders.ndjson', '--sink=lgo'], {
      cwd,
    });
    expect(wrong.stderr).toContain('<workflow>:1:1');
    expect(wrong.stderr).toContain('did you mean "Planned.Trouble"?');
    expect(wrong.stderr).toContain('--sink:1:1');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    const absent = await nstack(['plan', service, '--source=file/absent.ndjson', '--sink=log'], { cwd });
    expect(absent.stderr).toContain('absent.ndjson');
    expect(absent.code).toBe(1);
  });

  it('warns of the connections file once, as does the run', async () => {
    const connections = join(cwd, 'connections.yaml');
    await writeFile(connections, 'secrets:\n  KEY: { command: [printf, sesame] }\n');
    await chmod(connections, 0o666);
    const text = `file/orders.ndjson -> ${service} -> file/done.ndjson`;
    for (const command of [['plan'], ['run', '--plain']]) {
      const { stderr } = await nstack([...command, text, '--connections=connections.yaml'], { cwd });
      expect(stderr.match(/everyone may write/g), stderr).toHaveLength(1);
      expect(stderr).toMatch(/connections\.yaml:2:/);
    }
  });
});
