import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findConnector } from '../../../src/connectors/index.ts';
import { runs } from '../../support/runs.ts';
import {
  contextOf,
  failureOf,
  json,
  makeFolder,
  messagesOf,
  readFileSource,
  record,
  rejectedOf,
} from '../support.ts';

async function readCsv(text: string | Uint8Array, more: Parameters<typeof contextOf>[2] = {}) {
  const folder = await makeFolder({ 'in.csv': text });
  return readFileSource(contextOf(folder, 'in.csv', more));
}

const types = record({
  i: 'integer',
  d: 'double',
  b: 'boolean',
  t: 'text',
  at: 'timestamp',
  'o?': 'integer',
});

describe('a CSV file as a source', () => {
  it('gives a record of each row, by the names in its header', async () => {
    const batches = await readCsv('t,i,extra,b,d,at,o\r\nhi,12,x,true,1.50,2001-01-01T00:01:00Z,7\r\n', {
      type: types,
    });
    expect(messagesOf(batches)).toEqual([
      { i: 12, d: 1.5, b: true, t: 'hi', at: '2001-01-01T00:01:00Z', o: 7 },
    ]);
  });

  it('keeps a number as it is written', async () => {
    const [batch] = await readCsv('d\n1.50\n', { type: record({ d: 'double' }) });
    expect(Buffer.concat(batch?.items ?? []).toString()).toBe('{"d":1.50}');
  });

  it('takes an empty field for a missing optional, and for a text without signs', async () => {
    const type = record({ t: 'text', 'o?': 'integer', 'q?': 'text' });
    expect(messagesOf(await readCsv('t,o,q\n,,\n"","1",""\n', { type }))).toEqual([
      { t: '', o: null, q: null },
      { t: '', o: 1, q: '' },
    ]);
  });

  it.each([
    ['1.0', 'integer', 'column x: expected Integer, found "1.0"'],
    ['+1', 'integer', 'column x: expected Integer, found "+1"'],
    ['', 'integer', 'column x: expected Integer, found nothing'],
    ['NaN', 'double', 'column x: expected Double, found "NaN"'],
    ['1e400', 'double', 'column x: expected Double, found "1e400"'],
    ['TRUE', 'boolean', 'column x: expected Boolean, found "TRUE"'],
    ['null', 'boolean', 'column x: expected Boolean, found "null"'],
    ['2001-01-01 00:00:00', 'timestamp', 'column x: expected Timestamp, found "2001-01-01 00:00:00"'],
    ['%%', 'bytes', 'column x: expected Bytes, found "%%"'],
    ['1,2', 'integer', '2 columns, and the header has 1'],
  ] as const)('rejects %j for a column of type %s', async (text, kind, message) => {
    const batches = await readCsv(`x\n${text}\n`, { type: record({ x: kind }) });
    expect(rejectedOf(batches)).toEqual([`in.csv:2: ${message}`]);
    expect(messagesOf(batches)).toEqual([]);
  });

  it('lets no text smuggle a field into the record', async () => {
    const type = record({ a: 'integer', b: 'text' });
    const batches = await readCsv('a,b\n"1,""b"":""x""",y\n', { type });
    expect(messagesOf(batches)).toEqual([]);
    expect(rejectedOf(batches)).toEqual(['in.csv:2: column a: expected Integer, found "1,\\"b\\":\\"x\\""']);
  });

  it('reads quoted fields with delimiters, quotes and line feeds, and counts their lines', async () => {
    const type = record({ t: 'text', n: 'integer' });
    const batches = await readCsv('t,n\n"a,""b""\nc",1\nx,y\n"é\r\n",2', { type });
    expect(messagesOf(batches)).toEqual([
      { t: 'a,"b"\nc', n: 1 },
      { t: 'é\r\n', n: 2 },
    ]);
    expect(rejectedOf(batches)).toEqual(['in.csv:4: column n: expected Integer, found "y"']);
  });

  it('gives back any table that was written as RFC 4180 says', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (rows) => {
        const text = rows
          .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
          .join('\n');
        const batches = await readCsv(`a,b\n${text}\n`, { type: record({ a: 'text', b: 'text' }) });
        expect(messagesOf(batches)).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
      runs(50),
    );
  });

  it('rejects a broken row alone and goes on with the next line', async () => {
    const type = record({ a: 'text', b: 'text' });
    const batches = await readCsv('a,b\nx"y,z\n"x"y,z\n1\n1,2,3\n\nok,ok\n', { type });
    expect(messagesOf(batches)).toEqual([{ a: 'ok', b: 'ok' }]);
    expect(rejectedOf(batches)).toEqual([
      'in.csv:2: column 1: a quote inside a field without quotes around it',
      'in.csv:3: column 1: text after the closing quote',
      'in.csv:4: 1 columns, and the header has 2',
      'in.csv:5: 3 columns, and the header has 2',
      'in.csv:6: an empty line',
    ]);
  });

  it('rejects a quote that is never closed, once', async () => {
    const batches = await readCsv('a,b\n1,2\n"x,3\n4,5\n', { type: record({ a: 'text', b: 'text' }) });
    expect(rejectedOf(batches)).toEqual(['in.csv:3: column 1: a quote that is never closed']);
    expect(messagesOf(batches)).toEqual([{ a: '1', b: '2' }]);
  });

  it('gives up on a record beyond the limit and reads on after its line', async () => {
    const text = `a\n"${'x'.repeat(400_000)}\n${'y'.repeat(400_000)}"\nok\n`;
    const batches = await readCsv(text, { type: record({ a: 'text' }), messageLimit: 100_000 });
    expect(messagesOf(batches).at(-1)).toEqual({ a: 'ok' });
    expect(rejectedOf(batches)[0]).toMatch(/^in.csv:2: longer than the largest message/);
  });

  it('rejects a row that is not valid UTF-8', async () => {
    const batches = await readCsv(Buffer.from('a\n\xff\nok\n', 'latin1'), { type: record({ a: 'text' }) });
    expect(rejectedOf(batches)).toEqual(['in.csv:2: not valid UTF-8']);
    expect(messagesOf(batches)).toEqual([{ a: 'ok' }]);
  });

  it('finds a column in another case when it is the only one, and loses a byte order mark', async () => {
    const batches = await readCsv('\ufeffN,text,Text\n1,a,b\n', {
      type: record({ n: 'integer', Text: 'text' }),
    });
    expect(messagesOf(batches)).toEqual([{ n: 1, Text: 'b' }]);
  });

  it('gives all columns as texts where anything is wanted', async () => {
    expect(messagesOf(await readCsv('a,b\n1,x\n', { type: json }))).toEqual([{ a: '1', b: 'x' }]);
  });

  it('takes another delimiter, and tabs in a .tsv', async () => {
    const type = record({ a: 'integer', b: 'text' });
    expect(messagesOf(await readCsv('a;b\n1;x,y\n', { type, parameters: { delimiter: ';' } }))).toEqual([
      { a: 1, b: 'x,y' },
    ]);
    const folder = await makeFolder({ 'in.tsv': 'a\tb\n1\tx,y\n' });
    expect(messagesOf(await readFileSource(contextOf(folder, 'in.tsv', { type })))).toEqual([
      { a: 1, b: 'x,y' },
    ]);
  });

  it('says before the start which columns are missing, and lists those there are', async () => {
    const folder = await makeFolder({ 'in.csv': 'dalay,origin\n' });
    const context = contextOf(folder, 'in.csv', { type: record({ delay: 'integer', 'note?': 'text' }) });
    const error = await failureOf(findConnector('file')?.source?.check(context) ?? Promise.resolve());
    expect(error.message).toBe('in.csv has no column for the field delay: Integer');
    expect(error.hint).toContain('Columns of in.csv: dalay, origin.');
  });

  it.each([
    ['', 'its first line is empty'],
    ['a,a\n', 'the column "a" is there twice'],
    ['"a\n', 'its first line does not end'],
    [Buffer.alloc(2_000_000, 'x'), 'its first line does not end'],
    [Buffer.of(0xff, 0x0a), 'it is not valid UTF-8'],
  ])('refuses a file without a header: case %#', async (text, reason) => {
    const error = await failureOf(readCsv(text, { type: record({ a: 'text' }) }));
    expect(error.message).toBe(`in.csv has no CSV header: ${reason}`);
  });

  it('fits records alone', async () => {
    const error = await failureOf(readCsv('a\n', { type: { kind: 'integer' } }));
    expect(error.message).toBe('in.csv: its rows are records, and the first stage takes Integer');
  });
});
