import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { containersOf, docker, nstack, root, start } from '../support/nstack.ts';

// The examples as their readers run them: each crosses Python, Java and Haskell.

describe('the flights example', () => {
  const services = ['Clean', 'Score', 'Advise'];
  const flow = 'file/flights-3m.parquet -> Clean -> Score -> Advise -> file/advice.ndjson';

  beforeAll(() => shell('examples/flights/demo.sh', { ROWS: '20000' }));

  it('gives advice on every flight, with a sum and optionals over both borders', async () => {
    const advice = await lines(join(root, 'examples/flights/advice.ndjson'));
    expect(advice).toHaveLength(20_000);
    expect(advice[0]).toEqual({
      date: '2001-01-01T00:01:00Z',
      route: ['LAS', 'PHL'],
      score: 1.5,
      advice: { Wait: { minutes: 33 } },
      refund: null,
    });
    const kinds = new Set(advice.map((one) => Object.keys(one.advice as object)[0]));
    expect([...kinds].sort()).toEqual(['Rebook', 'Relax', 'Wait']);
    expect(advice.some(({ refund }) => refund === 100)).toBe(true);
  });

  it('loses nothing when an instance of each language is killed while it works', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'flights-'));
    try {
      const parquet = join(root, 'node_modules/vega-datasets/data/flights-3m.parquet');
      await symlink(parquet, join(folder, 'flights-3m.parquet'));
      const run = start(['run', flow, '--rows=1000000'], { cwd: folder });
      await run.said('confirmed');
      for (const service of services) {
        const [id = ''] = await containersOf(service);
        await docker('kill', id);
      }
      const { stderr, code } = await run.ended;
      expect(stderr.match(/instance replaced/g)).toHaveLength(3);
      expect(stderr).toContain('1,000,000 in, 1,000,000 out, 0 dead letters, 0 lost');
      expect(code).toBe(0);
      const advice = await lines(join(folder, 'advice.ndjson'));
      expect(advice).toHaveLength(1_000_000);
      // Of a delay beyond a day nobody knows what to make.
      expect(advice[91_320]).toMatchObject({ score: null, refund: null, advice: { Ask: {} } });
      for (const service of services) expect(await containersOf(service)).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('is refused before it starts where two neighbours in two languages do not fit', async () => {
    const ended = await nstack(['run', 'file/flights-3m.parquet -> Clean -> Advise -> log'], {
      cwd: join(root, 'examples/flights'),
    });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('Clean');
    expect(ended.stderr).toContain('Advise');
    expect(ended.stderr).toContain('level');
  });
});

describe('the reviews example', () => {
  it('gives one parameter to three services in three languages', async () => {
    await shell('examples/reviews/demo.sh', {});
    for (const [language, feeling] of [
      ['en', 'Happy'],
      ['de', 'Happy'],
    ] as const) {
      const reviews = await lines(join(root, `examples/reviews/out/reviews.${language}.ndjson`));
      expect(reviews).toHaveLength(10);
      expect(new Set(reviews.map((review) => review.language))).toEqual(new Set([language]));
      expect(Object.keys(reviews[0]?.feeling as object)).toEqual([feeling]);
      expect(reviews[0]?.mainly).toBe(language === 'en' ? 'room' : 'Zimmer');
    }
  });
});

async function lines(path: string): Promise<readonly Record<string, unknown>[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function shell(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      'sh',
      [join(root, script)],
      { env: { ...process.env, CI: 'true', ...env } },
      (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${script}: ${stderr}`)),
    );
  });
}
