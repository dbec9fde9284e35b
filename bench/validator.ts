/**
 * Validators beside JSON.parse over the same bytes, in one run: MB/s of each and their ratio. Each round measures both, one after the
 * other, and the median round counts, so that a busy machine slows both. JSON.parse gets its text as a string for nothing.
 *
 *     node bench/validator.ts
 */
import { compileValidator, parseType, type Strictness } from '../src/types/index.ts';

interface Workload {
  readonly name: string;
  readonly type: string;
  readonly strictness: Strictness;
  readonly element: (index: number) => unknown;
  /** As JSON text; by default without white space. */
  readonly print?: (value: unknown) => string;
}

const flightType =
  '{ date: Timestamp, delay: Integer, distance: Integer, origin: Text, destination: Text, air: optional Double, tags: [Text], score: Double }';
const flight = (index: number) => ({
  date: `2001-01-${String((index % 28) + 1).padStart(2, '0')}T00:00:00Z`,
  delay: (index % 90) - 20,
  distance: 812 + index,
  origin: 'JFK',
  destination: 'LAX',
  air: index % 3 === 0 ? 2.5 : null,
  tags: ['a', 'b'],
  score: 1.25 + index,
});
const reversed = (index: number) => Object.fromEntries(Object.entries(flight(index)).reverse());
const spaced = (value: unknown) =>
  JSON.stringify(value, null, 1).replaceAll(/\n */g, ' ').replaceAll('{ ', '{').replaceAll(' }', '}');
const sentence = 'The quick brown fox jumps over the lazy dog. ';

const workloads: readonly Workload[] = [
  { name: 'flights', type: flightType, strictness: 'result', element: flight },
  { name: 'flights as input', type: flightType, strictness: 'input', element: flight },
  { name: 'flights, fields reversed', type: flightType, strictness: 'result', element: reversed },
  { name: 'flights, with blanks', type: flightType, strictness: 'result', element: flight, print: spaced },
  {
    name: 'flights, 5 of 8 fields unknown',
    type: '{ date: Timestamp, delay: Integer, score: Double }',
    strictness: 'input',
    element: flight,
  },
  { name: 'flights as Json', type: 'Json', strictness: 'input', element: flight },
  { name: 'short texts', type: 'Text', strictness: 'input', element: (index) => `flight ${index}` },
  { name: 'long texts', type: 'Text', strictness: 'input', element: () => sentence.repeat(20) },
  {
    name: 'escaped texts',
    type: 'Text',
    strictness: 'input',
    element: () => 'a line\n"and" another\n'.repeat(10),
  },
  { name: 'integers', type: 'Integer', strictness: 'input', element: (index) => index * 7919 },
  {
    name: 'doubles',
    type: '[Double]',
    strictness: 'input',
    element: (index) => Array.from({ length: 20 }, (_, i) => Math.sin(index + i)),
  },
  {
    name: 'bytes',
    type: 'Bytes',
    strictness: 'input',
    element: (index) => Buffer.from(sentence + index).toString('base64'),
  },
  {
    name: 'maps',
    type: 'Map Integer',
    strictness: 'input',
    element: (index) => ({ a: index, bb: 2, ccc: 3, dddd: 4 }),
  },
  {
    name: 'wide records, 60 fields',
    type: `{ ${Array.from({ length: 60 }, (_, field) => `field_${field}: Integer`).join(', ')} }`,
    strictness: 'result',
    element: (index) =>
      Object.fromEntries(Array.from({ length: 60 }, (_, field) => [`field_${field}`, index + field])),
  },
];

const blockLength = 128;
const rounds = 15;
const bytesPerRound = 8 * 1024 * 1024;

console.log(
  `${'workload'.padEnd(32)}${'validator'.padStart(12)}${'JSON.parse'.padStart(12)}${'ratio'.padStart(8)}`,
);
for (const workload of workloads) console.log(line(workload));

function line({ name, type: text, strictness, element, print = JSON.stringify }: Workload): string {
  const { type } = parseType(text);
  if (type === undefined) throw new Error(`no type: ${text}`);
  const validator = compileValidator(type, strictness);
  const block = `[${Array.from({ length: blockLength }, (_, index) => print(element(index))).join(',')}]`;
  const bytes = Buffer.from(block);
  const repeats = Math.ceil(bytesPerRound / bytes.length);
  const scan = () => {
    const found = validator.scanArray(bytes, 0, bytes.length);
    if ('kind' in found || found.count !== blockLength || found.misfits.length > 0)
      throw new Error(JSON.stringify(found));
  };
  const parse = () => {
    if (JSON.parse(block).length !== blockLength) throw new Error('not all parsed');
  };
  const times = Array.from(
    { length: rounds },
    () => [seconds(scan, repeats), seconds(parse, repeats)] as const,
  );
  const megabytes = (bytes.length * repeats) / 1e6;
  const ours = megabytes / median(times.map(([time]) => time));
  const theirs = megabytes / median(times.map(([, time]) => time));
  const cells = [`${ours.toFixed(0)} MB/s`, `${theirs.toFixed(0)} MB/s`].map((cell) => cell.padStart(12));
  return `${name.padEnd(32)}${cells.join('')}${`${(ours / theirs).toFixed(1)}x`.padStart(8)}`;
}

function seconds(work: () => void, repeats: number): number {
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
