import { parseBindings } from './parse-bindings.ts';
import type { Binding, Element, Pipeline, TypeText } from './syntax-tree.ts';
import type { TokenReader } from './token-reader.ts';

/** Groups deeper than this are a mistake. */
const deepest = 32;

/** `a -> b | c`; undefined where it has a fault, which is in the reader's findings. */
export function parsePipeline(reader: TokenReader, depth: number): Pipeline | undefined {
  const elements: Element[] = [];
  do {
    const element = parseElement(reader, depth);
    if (element === undefined) return undefined;
    elements.push(element);
  } while (reader.takeSign('->', '|'));
  return { elements };
}

function parseElement(reader: TokenReader, depth: number): Element | undefined {
  const { start } = reader.token;
  const primary = parsePrimary(reader, depth);
  if (primary === undefined) return undefined;
  const type = parseTypeText(reader);
  const bindings: readonly Binding[] | undefined = reader.isSign('{') ? parseBindings(reader) : [];
  if (bindings === undefined) return undefined;
  if (reportLater(reader)) return undefined;
  return {
    ...primary,
    ...(type === undefined ? {} : { type }),
    bindings,
    span: { start, end: reader.lastEnd },
  };
}

type Primary =
  | { readonly kind: 'reference'; readonly name: string; readonly version?: string; readonly member?: string }
  | { readonly kind: 'path'; readonly system: string; readonly path: string }
  | { readonly kind: 'group'; readonly pipeline: Pipeline };

function parsePrimary(reader: TokenReader, depth: number): Primary | undefined {
  const { token } = reader;
  switch (token.kind) {
    case 'name': {
      reader.advance();
      const { text: name, version, member } = token;
      return {
        kind: 'reference',
        name,
        ...(version === undefined ? {} : { version }),
        ...(member === undefined ? {} : { member }),
      };
    }
    case 'path':
      reader.advance();
      return { kind: 'path', system: token.system, path: token.path };
    default:
      return reader.isSign('(') ? parseGroup(reader, depth) : fail(reader);
  }
}

function parseGroup(reader: TokenReader, depth: number): Primary | undefined {
  if (depth >= deepest) return reader.fail(`at most ${deepest} parentheses around a stage`);
  reader.advance();
  const pipeline = parsePipeline(reader, depth + 1);
  if (pipeline === undefined) return undefined;
  if (reader.isSign(',')) return later(reader, 'fan-out');
  if (!reader.takeSign(')')) return reader.fail('"->" or ")"');
  return { kind: 'group', pipeline };
}

function parseTypeText(reader: TokenReader): TypeText | undefined {
  const { token } = reader;
  if (token.kind !== 'type') return undefined;
  reader.advance();
  return { text: token.text, span: token.inner };
}

/** Postfix signs and words that DESIGN has and this version has not. */
function reportLater(reader: TokenReader): boolean {
  const { token } = reader;
  const isWord =
    token.kind === 'name' && !token.fresh && (token.text === 'concat' || token.text === 'filter');
  if (reader.isSign('*') || (isWord && token.text === 'concat'))
    later(reader, 'unpacking lists with * or concat');
  else if (reader.isSign('?') || isWord) later(reader, 'dropping missing values with ? or filter');
  else return false;
  return true;
}

function fail(reader: TokenReader): undefined {
  if (reader.isSign('[')) return later(reader, 'fan-out');
  const example = 'such as Clean, Score.score or file/flights.ndjson';
  return reader.fail('a source, a service or a sink', example);
}

function later(reader: TokenReader, what: string): undefined {
  reader.findings.error('later-version', reader.token, `${what} comes in a later version`);
  return undefined;
}
