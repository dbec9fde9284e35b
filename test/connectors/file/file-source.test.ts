import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { findConnector } from '../../../src/connectors/index.ts';
import { contextOf, failureOf, makeFolder, messagesOf, readFileSource, rejectedOf } from '../support.ts';

const check = (...args: Parameters<typeof contextOf>) =>
  failureOf(findConnector('file')?.source?.check(contextOf(...args)) ?? Promise.resolve());

describe('a file as a source', () => {
  it('is found under its nearest name when it is missing', async () => {
    const folder = await makeFolder({ 'flights.ndjson': '' });
    const error = await check(folder, 'fligths.ndjson');
    expect(error.code).toBe('file-missing');
    expect(error.message).toBe('there is no file fligths.ndjson');
    expect(error.hint).toContain('Did you mean flights.ndjson?');
  });

  it('says that the folder is missing too', async () => {
    const folder = await makeFolder();
    expect((await check(folder, 'data/flights.ndjson')).hint).toContain('There is no folder');
  });

  it('is no folder', async () => {
    const folder = await makeFolder();
    await mkdir(join(folder, 'flights.ndjson'));
    const error = await check(folder, 'flights.ndjson');
    expect(error.message).toBe('flights.ndjson is a folder, not a file');
  });

  it('is no device', async () => {
    expect((await check('/', '/dev/zero', { parameters: { as: 'ndjson' } })).message).toContain('a device');
  });

  it.skipIf(process.getuid?.() === 0)('says when permission is missing', async () => {
    const folder = await makeFolder({ 'in.ndjson': '1\n' });
    await chmod(join(folder, 'in.ndjson'), 0o000);
    expect((await check(folder, 'in.ndjson')).code).toBe('permission');
  });

  it('says where its name does not tell how to read it', async () => {
    const folder = await makeFolder({ 'in.dat': '1\n' });
    const error = await check(folder, 'in.dat');
    expect(error.code).toBe('connector-invalid');
    expect(error.hint).toContain('as = "ndjson"');
  });

  it('is read as its parameter says, whatever its name', async () => {
    const folder = await makeFolder({ 'in.dat': '1\n2\n' });
    expect(
      messagesOf(await readFileSource(contextOf(folder, 'in.dat', { parameters: { as: 'ndjson' } }))),
    ).toEqual([1, 2]);
  });

  it('is found by an absolute path and through a link', async () => {
    const folder = await makeFolder({ 'in.ndjson': '1\n' });
    await symlink(join(folder, 'in.ndjson'), join(folder, 'link.ndjson'));
    expect(messagesOf(await readFileSource(contextOf('/', join(folder, 'link.ndjson'))))).toEqual([1]);
  });

  it('may have any sign in its name', async () => {
    const name = `it's "a" [1]*; $(x) é\n.ndjson`;
    const folder = await makeFolder({ [name]: '1\n' });
    expect(messagesOf(await readFileSource(contextOf(folder, name)))).toEqual([1]);
  });

  it('loses a byte order mark at its start alone', async () => {
    const folder = await makeFolder({ 'in.ndjson': '\ufeff1\n\ufeff2\n"\ufeff"\n' });
    const batches = await readFileSource(contextOf(folder, 'in.ndjson'));
    expect(messagesOf(batches)).toEqual([1, '\ufeff']);
    expect(rejectedOf(batches)).toHaveLength(1);
  });

  it('is decompressed when its name ends in .gz', async () => {
    const lines = Array.from({ length: 50_000 }, (_, n) => `{"n":${n}}\n`).join('');
    const folder = await makeFolder({ 'in.ndjson.gz': gzipSync(lines) });
    expect(messagesOf(await readFileSource(contextOf(folder, 'in.ndjson.gz')))).toHaveLength(50_000);
  });

  it('fails where it is cut off inside gzip', async () => {
    const whole = gzipSync(Array.from({ length: 50_000 }, (_, n) => `${n}\n`).join(''));
    const folder = await makeFolder({
      'in.ndjson.gz': whole.subarray(0, whole.length >> 1),
      'b.ndjson.gz': 'plain',
    });
    const error = await failureOf(readFileSource(contextOf(folder, 'in.ndjson.gz')));
    expect(error.message).toBe('in.ndjson.gz is no whole gzip file: unexpected end of file');
    const wrong = await failureOf(readFileSource(contextOf(folder, 'b.ndjson.gz')));
    expect(wrong.message).toBe('b.ndjson.gz is no whole gzip file: incorrect header check');
  });

  it('gives its lines as texts in the format text, and not as anything else', async () => {
    const folder = await makeFolder({ 'in.log': 'one\ntwo "2"\n' });
    const text = { format: 'text', type: { kind: 'text' } } as const;
    expect(messagesOf(await readFileSource(contextOf(folder, 'in.log', text)))).toEqual(['one', 'two "2"']);
    const error = await check(folder, 'in.log', { format: 'text', type: { kind: 'integer' } });
    expect(error.message).toBe('in.log: the format text gives Text, but Integer is asked for');
  });

  it('refuses a delimiter where there are no columns', async () => {
    const folder = await makeFolder({ 'in.ndjson': '' });
    expect((await check(folder, 'in.ndjson', { parameters: { delimiter: ';' } })).message).toBe(
      'only a CSV file has a delimiter',
    );
  });

  it('may be a named pipe', async () => {
    const folder = await makeFolder();
    execFileSync('mkfifo', [join(folder, 'in.ndjson')]);
    await findConnector('file')?.source?.check(contextOf(folder, 'in.ndjson'));
  });
});
