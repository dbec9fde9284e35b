/**
 * Extended headers of tars (POSIX pax) as bytes: extended attributes hold bytes that are no text, and tar-stream reads and writes text alone.
 */
const block = 512;

/** The records of the extended header among the blocks that stand before an entry. */
export function paxRecords(blocks: Buffer): ReadonlyMap<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at + block <= blocks.length; ) {
    const header = blocks.subarray(at, at + block);
    const size = Number.parseInt(header.toString('latin1', 124, 135), 8) || 0;
    const body = blocks.subarray(at + block, at + block + size);
    if (header[156] === 'x'.charCodeAt(0)) readRecords(body, records);
    at += block + Math.ceil(size / block) * block;
  }
  return records;
}

/** Each is its length in digits, a blank, `key=value` and a line end. */
function readRecords(body: Buffer, records: Map<string, Buffer>): void {
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(' ', at);
    const length = Number(body.toString('latin1', at, blank));
    if (blank < 0 || !(length > 0)) return;
    const record = body.subarray(blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    records.set(record.toString('utf8', 0, equals), Buffer.from(record.subarray(equals + 1)));
    at += length;
  }
}

/** An extended header with these records, as whole blocks. */
export function paxHeader(records: ReadonlyMap<string, Buffer>, seconds: number): Buffer {
  const body = Buffer.concat([...records].map(([key, value]) => paxRecord(key, value)));
  const header = Buffer.alloc(block);
  const put = (text: string, at: number) => header.write(text, at, 'latin1');
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  put('PaxHeader', 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(octal(body.length, 11), 124);
  put(octal(seconds, 11), 136);
  put('        ', 148);
  put('x', 156);
  put('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${octal(sum, 6)}\0 `, 148);
  const padding = Buffer.alloc((block - (body.length % block)) % block);
  return Buffer.concat([header, body, padding]);
}

function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
