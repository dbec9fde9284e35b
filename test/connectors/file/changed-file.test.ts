import { appendFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contextOf, failureOf, makeFolder, messagesOf, readFileSource, rejectedOf } from '../support.ts';

async function readHalf(folder: string, path: string): Promise<Readonly<Record<string, unknown>>> {
  const batches = await readFileSource(contextOf(folder, path, { rows: 300 }));
  return { '': batches.at(-1)?.position };
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${1_000_000 + from + index}\n`).join('');

describe('a file that a workflow goes on reading', () => {
  it('keeps counting its lines', async () => {
    const folder = await makeFolder({ 'in.ndjson': `${numbers(0, 300)}"no number\n${numbers(300, 310)}` });
    const positions = await readHalf(folder, 'in.ndjson');
    const rest = await readFileSource(contextOf(folder, 'in.ndjson', { positions }));
    expect(rejectedOf(rest)[0]).toMatch(/^in\.ndjson:301: /);
    expect(messagesOf(rest)).toHaveLength(10);
  });

  it('may have grown since it ended', async () => {
    const folder = await makeFolder({ 'in.ndjson': '1\n2' });
    const whole = await readFileSource(contextOf(folder, 'in.ndjson'));
    const positions = { '': whole.at(-1)?.position };
    expect(await readFileSource(contextOf(folder, 'in.ndjson', { positions }))).toEqual([]);
    await appendFile(join(folder, 'in.ndjson'), '\n3\n');
    expect(messagesOf(await readFileSource(contextOf(folder, 'in.ndjson', { positions })))).toEqual([3]);
  });

  it('is refused when it is shorter than what was read', async () => {
    const folder = await makeFolder({ 'in.ndjson': numbers(0, 400_000) });
    const batches = await readFileSource(contextOf(folder, 'in.ndjson', { rows: 300_000 }));
    await truncate(join(folder, 'in.ndjson'), 2_000_000);
    const positions = { '': batches.at(-1)?.position };
    const error = await failureOf(readFileSource(contextOf(folder, 'in.ndjson', { positions })));
    expect(error.code).toBe('file-unreadable');
    expect(error.message).toBe(
      'in.ndjson was changed since it was read: it is shorter than the 2400000 bytes that were read',
    );
  });

  it('is refused when no line ends where one ended', async () => {
    const folder = await makeFolder({ 'in.ndjson': numbers(0, 500) });
    const positions = await readHalf(folder, 'in.ndjson');
    await writeFile(join(folder, 'in.ndjson'), `"${'x'.repeat(5_000)}"\n`);
    const error = await failureOf(readFileSource(contextOf(folder, 'in.ndjson', { positions })));
    expect(error.message).toBe(
      'in.ndjson was changed since it was read: a line ended at byte 2400, and now none does',
    );
    expect(error.hint).toContain('delete the workflow');
  });

  it('is refused when it is compressed and shorter', async () => {
    const folder = await makeFolder({ 'in.ndjson.gz': gzipSync(numbers(0, 500)) });
    const positions = await readHalf(folder, 'in.ndjson.gz');
    await writeFile(join(folder, 'in.ndjson.gz'), gzipSync(numbers(0, 100)));
    const error = await failureOf(readFileSource(contextOf(folder, 'in.ndjson.gz', { positions })));
    expect(error.message).toContain('shorter than the 2400 bytes');
  });
});
