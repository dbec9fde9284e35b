import type { FieldSyntax, Syntax, Word } from './syntax.ts';
import { SyntaxFault, type TokenReader } from './token-reader.ts';
import type { Token } from './tokens.ts';

/** Types nested deeper than this, as written or through names, are refused: far beyond use, far below what a stack holds. */
export const deepestType = 64;

/** Reads one type, with `|` between the cases of a sum. Throws `SyntaxFault` once a fault is reported. */
export function readType(reader: TokenReader): Syntax {
  return readSum(reader, 0);
}

function readSum(reader: TokenReader, depth: number): Syntax {
  const start = reader.current.start;
  // A sum over several lines may begin each of them with the bar.
  reader.take('|');
  const cases = [readPart(reader, depth)];
  while (reader.take('|')) cases.push(readPart(reader, depth));
  const [only] = cases;
  if (only !== undefined && cases.length === 1) return only;
  return { kind: 'sum', cases, start, end: reader.lastEnd };
}

/** A type without `|`: what stands in a list, a field or a case. */
function readPart(reader: TokenReader, depth: number): Syntax {
  if (depth > deepestType) {
    const message = `a type is nested more than ${deepestType} deep`;
    reader.findings.error('too-deep', reader.current, message, {
      hint: 'give the inner types flatter shapes',
    });
    throw new SyntaxFault(message);
  }
  const { current } = reader;
  if (reader.isWord('optional')) {
    reader.next();
    const item = readPart(reader, depth + 1);
    return { kind: 'optional', item, start: current.start, end: item.end };
  }
  if (reader.isWord('Map')) return readMap(reader, depth);
  const atom = readAtom(reader, depth);
  if (atom.kind === 'name' && startsPayload(reader)) {
    const argument = readPart(reader, depth + 1);
    const name: Word = { text: atom.name, start: atom.start, end: atom.end };
    return { kind: 'applied', name, argument, start: atom.start, end: argument.end };
  }
  return readPostfix(reader, atom);
}

function readMap(reader: TokenReader, depth: number): Syntax {
  const { start } = reader.next();
  if (reader.startsLine() || !startsType(reader.current)) {
    return reader.fail(
      `expected the type of a Map's values, found ${reader.describe()}`,
      'write Map Text, for example',
    );
  }
  const item = readPart(reader, depth + 1);
  const { findings, lastEnd: end } = reader;
  if (item.kind === 'optional' && item.item.start === item.start) {
    findings.error('ambiguous', { start, end }, 'this may be an optional Map or a Map of optional values', {
      hint: 'write optional Map T or Map (optional T)',
    });
  }
  return { kind: 'map', item, start, end };
}

/** `T optional` and `T?`, on the line of T. */
function readPostfix(reader: TokenReader, item: Syntax): Syntax {
  let type = item;
  while (!reader.startsLine() && (reader.is('?') || reader.isWord('optional'))) {
    const { end } = reader.next();
    type = { kind: 'optional', item: type, start: type.start, end };
  }
  return type;
}

function readAtom(reader: TokenReader, depth: number): Syntax {
  const token = reader.current;
  if (token.kind === 'name') {
    reader.next();
    if (token.text === 'Vector' || token.text === 'Matrix') return readNumeric(reader, token);
    return { kind: 'name', name: token.text, start: token.start, end: token.end };
  }
  if (reader.is('[')) return readList(reader, depth);
  if (reader.is('{')) return readRecord(reader, depth);
  if (reader.is('(')) return readTuple(reader, depth);
  return reader.fail(
    `expected a type, found ${reader.describe()}`,
    'a type is written Text, [Text], (Text, Integer) or { name: Text }',
  );
}

function readNumeric(reader: TokenReader, name: Token): Syntax {
  while (reader.current.kind === 'number') reader.next();
  if (!reader.startsLine() && startsType(reader.current)) readPart(reader, deepestType);
  const span = { start: name.start, end: reader.lastEnd };
  const hint = name.text === 'Vector' ? 'use [Double]' : 'use [[Double]]';
  reader.findings.error('not-supported', span, `${name.text} is not supported yet`, { hint });
  return { kind: 'error', ...span };
}

function readList(reader: TokenReader, depth: number): Syntax {
  const { start } = reader.next();
  if (reader.is(']')) return reader.fail('a list says what it holds', 'write [Text], for example');
  const item = readSum(reader, depth + 1);
  const { end } = reader.expect(']', 'at the end of the list');
  return { kind: 'list', item, start, end };
}

function readTuple(reader: TokenReader, depth: number): Syntax {
  const { start } = reader.next();
  if (reader.is(')')) return { kind: 'unit', start, end: reader.next().end };
  const items = [readSum(reader, depth + 1)];
  while (reader.take(',')) items.push(readSum(reader, depth + 1));
  const { end } = reader.expect(')', items.length === 1 ? 'after the type' : 'at the end of the tuple');
  const [only] = items;
  if (only !== undefined && items.length === 1) return { ...only, start, end };
  return { kind: 'tuple', items, start, end };
}

function readRecord(reader: TokenReader, depth: number): Syntax {
  const { start } = reader.next();
  const fields: FieldSyntax[] = [];
  while (!reader.is('}')) {
    fields.push(readField(reader, depth));
    if (!reader.take(',')) break;
  }
  const missing = reader.current.kind === 'name' || reader.current.kind === 'string';
  const hint = missing ? 'a comma is missing' : 'fields are written { name: Text, age: Integer }';
  const { end } = reader.expect('}', 'at the end of the record', hint);
  return { kind: 'record', fields, start, end };
}

function readField(reader: TokenReader, depth: number): FieldSyntax {
  const token = reader.current;
  const name: Word = token.kind === 'string' ? reader.next() : reader.expectName("a field's name");
  reader.expect(':', `after the field ${JSON.stringify(name.text)}`);
  return { name, type: readSum(reader, depth + 1) };
}

function startsType({ kind, text }: Token): boolean {
  return kind === 'name' || (kind === 'sign' && (text === '{' || text === '[' || text === '('));
}

/** Whether a payload follows the name just read: some type on the same line, but not the `optional` of `T optional`, nor the next field. */
function startsPayload(reader: TokenReader): boolean {
  if (reader.startsLine() || !startsType(reader.current)) return false;
  if (reader.current.kind === 'name' && reader.at(1).text === ':') return false;
  return !reader.isWord('optional') || (startsType(reader.at(1)) && !reader.startsLine(1));
}
