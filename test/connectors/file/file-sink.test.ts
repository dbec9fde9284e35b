import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findConnector } from '../../../src/connectors/index.ts';
import { batchOf } from '../conformance/sink-conformance.ts';
import { contextOf, failureOf, makeFolder, openFileSink } from '../support.ts';

const check = (...args: Parameters<typeof contextOf>) =>
  failureOf(findConnector('file')?.sink?.check(contextOf(...args)) ?? Promise.resolve());

describe('a file as a sink', () => {
  it('keeps the old file until the new one is whole', async () => {
    const folder = await makeFolder({ 'out.ndjson': 'old\n' });
    const sink = await openFileSink(contextOf(folder, 'out.ndjson'));
    await sink.write(batchOf(['1']));
    expect(await readFile(join(folder, 'out.ndjson'), 'utf8')).toBe('old\n');
    await sink.finish('complete');
    expect(await readFile(join(folder, 'out.ndjson'), 'utf8')).toBe('1\n');
    expect(await readdir(folder)).toEqual(['out.ndjson']);
    expect(sink.where).toBe('out.ndjson');
  });

  it('keeps the old file when the run is abandoned', async () => {
    const folder = await makeFolder({ 'out.ndjson': 'old\n' });
    const sink = await openFileSink(contextOf(folder, 'out.ndjson'));
    await sink.write(batchOf(['1']));
    await sink.abandon();
    expect(await readdir(folder)).toEqual(['out.ndjson']);
    expect(await readFile(join(folder, 'out.ndjson'), 'utf8')).toBe('old\n');
  });

  it('leaves a stopped run as .partial and says so', async () => {
    const folder = await makeFolder({ 'out.ndjson': 'old\n' });
    const sink = await openFileSink(contextOf(folder, 'out.ndjson'));
    await sink.write(batchOf(['1', '2']));
    await sink.finish('stopped');
    expect(sink.where).toBe('out.ndjson.partial');
    expect(await readFile(join(folder, 'out.ndjson.partial'), 'utf8')).toBe('1\n2\n');
    expect(await readFile(join(folder, 'out.ndjson'), 'utf8')).toBe('old\n');
  });

  it('makes the folders it is to be in', async () => {
    const folder = await makeFolder();
    const sink = await openFileSink(contextOf(folder, 'a/b/out.ndjson'));
    await sink.finish('complete');
    expect((await stat(join(folder, 'a/b/out.ndjson'))).size).toBe(0);
  });

  it('replaces what a link names, and keeps the link', async () => {
    const folder = await makeFolder({ 'real.ndjson': 'old\n' });
    await symlink('real.ndjson', join(folder, 'out.ndjson'));
    const sink = await openFileSink(contextOf(folder, 'out.ndjson'));
    await sink.write(batchOf(['1']));
    await sink.finish('complete');
    expect(await readFile(join(folder, 'real.ndjson'), 'utf8')).toBe('1\n');
    expect((await readdir(folder)).sort()).toEqual(['out.ndjson', 'real.ndjson']);
  });

  it('removes what a killed run left for the same target, and nothing else', async () => {
    const folder = await makeFolder({ '.other.ndjson.1-00000000.partial': '', 'out.ndjson.partial': '' });
    const killed = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")']);
    await once(killed.stdout, 'data');
    const left = `.out.ndjson.${killed.pid}-0123abcd.partial`;
    await writeFile(join(folder, left), 'half');

    const beside = await openFileSink(contextOf(folder, 'out.ndjson'));
    expect(await readdir(folder)).toContain(left);
    await beside.abandon();

    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const sink = await openFileSink(contextOf(folder, 'out.ndjson'));
    expect(await readdir(folder)).not.toContain(left);
    await sink.abandon();
    expect((await readdir(folder)).sort()).toEqual([
      '.other.ndjson.1-00000000.partial',
      'out.ndjson.partial',
    ]);
  });

  it('holds a bounded amount, and writes the rest as it comes', async () => {
    const folder = await makeFolder();
    const sink = await openFileSink(contextOf(folder, 'out.ndjson'));
    const message = `"${'x'.repeat(100_000)}"`;
    for (let count = 0; count < 100; count++) await sink.write(batchOf([message]));
    const [partial = ''] = await readdir(folder);
    expect((await stat(join(folder, partial))).size).toBeGreaterThan(8_000_000);
    await sink.finish('complete');
    expect((await stat(join(folder, 'out.ndjson'))).size).toBe(100 * (message.length + 1));
  });

  it('fails while it writes when the disk takes no more, and leaves nothing', async () => {
    const folder = await makeFolder();
    const program = new URL('./write-until-it-fails.ts', import.meta.url).pathname;
    // A limit on the size of files stands for the full disk.
    const limited = 'trap "" XFSZ; ulimit -f 2000; exec "$0" "$1" "$2"';
    const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, program, folder]);
    expect(stdout).toMatch(/^NstackError: cannot write out\.ndjson: .*EFBIG/);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['out.parquet', 'out.csv', 'out.ndjson.gz', 'out.json'])(
    'does not write %s, which it would not be',
    async (path) => {
      const folder = await makeFolder();
      const error = await check(folder, path);
      expect(error.code).toBe('connector-invalid');
      const sink = await openFileSink(contextOf(folder, path, { parameters: { as: 'ndjson' } }));
      await sink.abandon();
    },
  );

  it('is no folder and no device', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'out.ndjson'));
    expect((await check(folder, 'out.ndjson')).message).toBe('out.ndjson is a folder, not a file');
    expect((await check(folder, '/dev/full')).message).toBe('/dev/full is a device, not a file');
  });

  it('says before the start when its folder cannot be one', async () => {
    const folder = await makeFolder({ plain: '' });
    expect((await check(folder, 'plain/out.ndjson')).message).toBe(
      'cannot write plain/out.ndjson: a part of the path is no folder',
    );
  });
});
