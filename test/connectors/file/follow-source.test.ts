import { appendFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findConnector, type OpenContext, type SourceBatch } from '../../../src/connectors/index.ts';
import { valuesOf } from '../conformance/source-conformance.ts';
import { contextOf, failureOf, makeFolder } from '../support.ts';

/** A followed file: `next` waits for the messages of one batch more. */
async function follow(folder: string, more: Partial<OpenContext> = {}) {
  const lines: string[] = [];
  const context = contextOf(folder, 'app.log', {
    parameters: { follow: true, as: 'ndjson' },
    durable: true,
    log: (line) => lines.push(line),
    ...more,
  });
  const source = await findConnector('file')?.source?.open(context);
  if (source === undefined) throw new Error('no file source');
  const abort = new AbortController();
  const batches = source.read(abort.signal)[Symbol.asyncIterator]();
  onTestFinished(() => source.close());
  let last: SourceBatch | undefined;
  return {
    lines,
    abort: () => abort.abort(),
    async next(): Promise<unknown[] | 'over'> {
      const { value, done } = await batches.next();
      if (done === true) return 'over';
      last = value;
      return valuesOf(value);
    },
    /** What nstack would have kept. */
    positions: () => ({ '': JSON.parse(JSON.stringify(last?.position)) as unknown }),
  };
}

describe('a file that is followed', () => {
  it('gives lines as they are added, each when it is whole', async () => {
    const folder = await makeFolder({ 'app.log': '1\n2\n' });
    const { next } = await follow(folder);
    expect(await next()).toEqual([1, 2]);
    const third = next();
    await appendFile(join(folder, 'app.log'), '33');
    await appendFile(join(folder, 'app.log'), '3\n');
    expect(await third).toEqual([333]);
  });

  it('ends without an error when it is aborted, and does not take half a line for a message', async () => {
    const folder = await makeFolder({ 'app.log': '1\n2' });
    const { next, abort } = await follow(folder);
    expect(await next()).toEqual([1]);
    const over = next();
    abort();
    expect(await over).toBe('over');
  });

  it('reads a renamed file to its end, and then the new one', async () => {
    const folder = await makeFolder({ 'app.log': '1\n' });
    const { next } = await follow(folder);
    expect(await next()).toEqual([1]);
    await rename(join(folder, 'app.log'), join(folder, 'app.log.1'));
    await appendFile(join(folder, 'app.log.1'), '2\n');
    expect(await next()).toEqual([2]);
    await writeFile(join(folder, 'app.log'), '4\n');
    await appendFile(join(folder, 'app.log.1'), '3\n');
    expect(await next()).toEqual([3]);
    expect(await next()).toEqual([4]);
  });

  it('begins anew when the file is cut', async () => {
    const folder = await makeFolder({ 'app.log': '"a long line"\n' });
    const { next, lines } = await follow(folder);
    expect(await next()).toEqual(['a long line']);
    const after = next();
    await truncate(join(folder, 'app.log'), 0);
    await appendFile(join(folder, 'app.log'), '2\n');
    expect(await after).toEqual([2]);
    expect(lines).toEqual(['app.log was cut: reading goes on at its beginning']);
  });

  it('goes on behind the last whole line when one is cut that was not whole', async () => {
    const folder = await makeFolder({ 'app.log': '"before"\n1\n"not wh' });
    const { next, lines, positions } = await follow(folder);
    expect(await next()).toEqual(['before', 1]);
    const after = next();
    await truncate(join(folder, 'app.log'), '"before"\n1\n'.length);
    await appendFile(join(folder, 'app.log'), '2\n');
    expect(await after).toEqual([2]);
    expect(lines).toEqual(['app.log was cut within its last line: reading goes on behind those before it']);
    expect(positions()['']).toMatchObject({ records: 3, bytes: 13, lines: 3 });
    await appendFile(join(folder, 'app.log'), '3\n');
    expect(await next()).toEqual([3]);
  });

  it('begins anew when it is cut by more than a line', async () => {
    const folder = await makeFolder({ 'app.log': '"before"\n1\n"not wh' });
    const { next, lines } = await follow(folder);
    expect(await next()).toEqual(['before', 1]);
    const after = next();
    await truncate(join(folder, 'app.log'), '"before"\n'.length);
    expect(await after).toEqual(['before']);
    expect(lines).toEqual(['app.log was cut: reading goes on at its beginning']);
  });

  it('waits for a file that is not there yet', async () => {
    const folder = await makeFolder();
    const { next, lines } = await follow(folder);
    const first = next();
    await expect.poll(() => lines).toEqual(['app.log is not there: waiting for it']);
    await writeFile(join(folder, 'app.log'), '\ufeff1\n');
    expect(await first).toEqual([1]);
  });

  it('goes on where it stood, also in a file that was renamed meanwhile', async () => {
    const folder = await makeFolder({ 'app.log': '1\n2\n' });
    const before = await follow(folder);
    expect(await before.next()).toEqual([1, 2]);
    before.abort();
    await appendFile(join(folder, 'app.log'), '3\n');
    await rename(join(folder, 'app.log'), join(folder, 'app.log-20260101'));
    await writeFile(join(folder, 'app.log'), '4\n');
    const { next } = await follow(folder, { positions: before.positions() });
    expect(await next()).toEqual([3]);
    expect(await next()).toEqual([4]);
  });

  it('begins with the new file, and says so, when the one it has read is gone', async () => {
    const folder = await makeFolder({ 'app.log': '"old"\n"older"\n' });
    const before = await follow(folder);
    await before.next();
    before.abort();
    await writeFile(join(folder, 'app.log'), '"new"\n"newer"\n"newest"\n');
    const { next, lines } = await follow(folder, { positions: before.positions() });
    expect(await next()).toEqual(['new', 'newer', 'newest']);
    expect(lines).toEqual([
      'app.log: the file that was read up to byte 14 is gone; reading begins with the new one',
    ]);
  });

  it('stops after as many messages as are asked for', async () => {
    const folder = await makeFolder({ 'app.log': '1\n2\n3\n' });
    const { next } = await follow(folder, { rows: 2 });
    expect(await next()).toEqual([1, 2]);
    expect(await next()).toBe('over');
  });

  it('is a plain file of lines', async () => {
    const folder = await makeFolder({ 'in.csv': 'a\n1\n' });
    const context = contextOf(folder, 'in.csv', { parameters: { follow: true } });
    const error = await failureOf(findConnector('file')?.source?.check(context) ?? Promise.resolve());
    expect(error.message).toBe('in.csv is csv, and only a plain file of lines is followed');
  });
});
