import { expect, it } from 'vitest';
import { buildAs } from '../support/build-as.ts';
import { auditBench, everything, load, ok, patience, sent, template } from './audit-bench.ts';

const service = 'Audited.Cleaning';
const { run, verify, folder } = auditBench(service);

it(
  'finds nothing lost from file to file while services, data path and supervisor are killed and frozen',
  async () => {
    const report = await verify(
      `Sources.file { path = "in.txt", follow = true } -> ${service} -> file/out.txt`,
      template,
      ...everything,
      ...load(80_000, 24),
      '--expect=order',
      '--expect=clean',
    );
    expect(report).toMatchObject({ ...ok, sent: sent(80_000), deadLetters: { count: 0 } });
    expect(report.outputs).toMatchObject([{ arrived: sent(80_000), lost: 0, reordered: 0, foreign: 0 }]);
    expect(report.injected).toHaveLength(sent(24));
    expect(new Set(report.injected.map(({ kind }) => kind)).size).toBe(4);
    expect(report.restarts.length).toBeGreaterThan(0);
  },
  patience,
);

it('names what it cannot audit, before anything starts', async () => {
  const refused = async (...args: readonly string[]) => (await run('verify', ...args)).stderr;
  expect(await refused(`stdin -> ${service} -> file/x.txt`)).toContain('no input can be written there');
  expect(await refused(`file/in.txt -> ${service} -> stdout`)).toContain('cannot be read again');
  const flow = `file/in.txt -> ${service} -> file/x.txt`;
  expect(await refused(flow, '--fault=servise')).toContain('service');
  expect(await refused(flow, '--fault=disk', `--disk=${folder()}`)).toContain('GiB free');
});

it('finds out which messages a workflow forgets', async () => {
  await buildAs('Audited.Lossy', 'test/fixtures/services/lossy');
  const report = await verify(
    'file/forgotten-in.txt -> Audited.Lossy ? -> file/forgotten.txt',
    '--messages=2000',
    '--kills=2',
    '--grace=5s',
  );
  expect(report).toMatchObject({ verdict: 'failed', code: 2, sent: 2_000, outputs: [{ lost: 20 }] });
  expect(report.outputs[0]?.first.lost).toEqual(Array.from({ length: 20 }, (_, nth) => nth * 100 + 99));
});
