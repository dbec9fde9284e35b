import { parseBindings } from './parse-bindings.ts';
import type { Element, Pipeline, Postfix, TypeText } from './syntax-tree.ts';
import type { TokenReader } from './token-reader.ts';

/** Groups deeper than this are a mistake, and so are more postfixes in a row. */
const deepest = 32;

/** `a -> b | c`; undefined where it has a fault, which is in the reader's findings. */
export function parsePipeline(reader: TokenReader, depth: number): Pipeline | undefined {
  const elements: Element[] = [];
  do {
    const prefixes = parseWords(reader);
    const last = elements.at(-1);
    if (prefixes.length > 0 && last !== undefined && !beginsElement(reader)) {
      // `a -> concat -> b`: the word alone is what comes before it, unpacked.
      elements[elements.length - 1] = withPostfixes(last, prefixes);
      continue;
    }
    const element = parseElement(reader, depth);
    if (element === undefined) return undefined;
    elements.push(withPostfixes(element, prefixes.reverse()));
  } while (reader.takeSign('->', '|'));
  const long = elements.find(({ postfixes }) => postfixes.length > deepest);
  if (long !== undefined) return reader.fail(`at most ${deepest} times * or ? behind a stage`, '', long.span);
  return { elements };
}

function parseElement(reader: TokenReader, depth: number): Element | undefined {
  const { start } = reader.token;
  const primary = parsePrimary(reader, depth);
  if (primary === undefined) return undefined;
  const type = parseTypeText(reader);
  let bindings = reader.isSign('{') ? parseBindings(reader) : [];
  const postfixes = parsePostfixes(reader);
  if (bindings?.length === 0 && postfixes.length > 0 && reader.isSign('{')) bindings = parseBindings(reader);
  if (bindings === undefined) return undefined;
  return {
    ...primary,
    ...(type === undefined ? {} : { type }),
    bindings,
    postfixes,
    span: { start, end: reader.lastEnd },
  };
}

type Primary =
  | { readonly kind: 'reference'; readonly name: string; readonly version?: string; readonly member?: string }
  | { readonly kind: 'path'; readonly system: string; readonly path: string }
  | { readonly kind: 'group'; readonly branches: readonly Pipeline[] };

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
  const branches: Pipeline[] = [];
  do {
    const branch = parsePipeline(reader, depth + 1);
    if (branch === undefined) return undefined;
    branches.push(branch);
  } while (reader.takeSign('&'));
  if (!reader.takeSign(')')) {
    return reader.fail('"->", "&" or ")"', reader.isSign(',') ? 'branches are joined by &' : undefined);
  }
  return { kind: 'group', branches };
}

function parseTypeText(reader: TokenReader): TypeText | undefined {
  const { token } = reader;
  if (token.kind !== 'type') return undefined;
  reader.advance();
  return { text: token.text, span: token.inner };
}

/** `*`, `?`, and the words for them, behind an element. */
function parsePostfixes(reader: TokenReader): readonly Postfix[] {
  const postfixes: Postfix[] = [];
  for (;;) {
    const { token } = reader;
    const word = token.fresh ? undefined : wordOf(reader);
    const kind = reader.isSign('*') ? 'concat' : reader.isSign('?') ? 'filter' : word;
    if (kind === undefined) return postfixes;
    reader.advance();
    postfixes.push({ kind, span: { start: token.start, end: token.end } });
  }
}

/** The words `concat` and `filter` where they come next. */
function parseWords(reader: TokenReader): Postfix[] {
  const words: Postfix[] = [];
  for (let kind = wordOf(reader); kind !== undefined; kind = wordOf(reader)) {
    const { start, end } = reader.token;
    reader.advance();
    words.push({ kind, span: { start, end } });
  }
  return words;
}

function wordOf({ token }: TokenReader): Postfix['kind'] | undefined {
  if (token.kind !== 'name' || token.version !== undefined) return undefined;
  return token.text === 'concat' || token.text === 'filter' ? token.text : undefined;
}

function beginsElement(reader: TokenReader): boolean {
  const { kind, fresh } = reader.token;
  return !fresh && (kind === 'name' || kind === 'path' || reader.isSign('('));
}

function withPostfixes(element: Element, more: readonly Postfix[]): Element {
  return more.length === 0 ? element : { ...element, postfixes: [...element.postfixes, ...more] };
}

function fail(reader: TokenReader): undefined {
  const expected = 'a source, a service or a sink';
  if (reader.isSign('['))
    return reader.fail(expected, 'branches stand in parentheses, joined by &: (Clean & Score)');
  if (reader.isSign('*', '?'))
    return reader.fail(expected, '* and ? stand behind what gives lists or optionals');
  return reader.fail(expected, 'such as Clean, Score.score or file/flights.ndjson');
}
