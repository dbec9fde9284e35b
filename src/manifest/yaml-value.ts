import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { Span } from '../types/index.ts';
import type { Source, TextKind } from './decode-source.ts';

/** Keys and indexes from the root of a value. */
export type Path = readonly (string | number)[];

/** A YAML text as plain values, and the nodes they come from. */
export interface YamlValue {
  readonly value: unknown;
  readonly root: Node | undefined;
}

/** More faults of syntax than this help nobody. */
const mostFaults = 20;

/** A manifest has some hundred lexemes; composing the millions of a hostile text would take seconds. */
const mostLexemes = 20_000;

/**
 * Reads the part of YAML that nstack's files are written in: one document of mappings, lists, text, numbers and booleans. What YAML
 * has beyond that (anchors and aliases, tags, merge keys, directives, several documents) is a fault, since each of them has
 * been a way to make a small text large, or to make it mean something else than it seems to.
 */
export function readYaml({ file, text, kind, findings }: Source): YamlValue | undefined {
  // A lexeme has a character at least, so that a text of common length needs no counting.
  if (text.length > mostLexemes && hasMoreLexemes(text, mostLexemes)) {
    const message = `${file} has more parts than ${kind.noun} may have (${mostLexemes})`;
    findings.error('too-large', { start: 0, end: 1 }, message);
    return undefined;
  }
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  for (const error of [...document.errors, ...document.warnings].slice(0, mostFaults)) {
    const [start, end] = error.pos;
    findings.error('yaml', { start, end }, wording(error, kind), { hint: yamlHint(error, kind) });
  }
  if (document.directives?.yaml.explicit === true) {
    findings.error('yaml', { start: 0, end: 5 }, `${kind.noun} has no %YAML directive`);
  }
  if (findings.diagnostics.length > 0) return undefined;
  const root = document.contents ?? undefined;
  return { value: root === undefined ? null : plain(root, { kind, findings }), root };
}

/** The node of a path, as far as it exists. */
export function nodeAt(root: Node | undefined, path: Path): Node | undefined {
  let node: unknown = root;
  for (const segment of path) {
    node =
      isSeq(node) && typeof segment === 'number' ? node.items[segment] : pairOf(node, String(segment))?.value;
  }
  return (node ?? undefined) as Node | undefined;
}

/** Where the key stands that a path ends in. */
export function keySpan(root: Node | undefined, path: Path): Span | undefined {
  const pair = pairOf(nodeAt(root, path.slice(0, -1)), String(path.at(-1)));
  return pair === undefined ? undefined : spanOf(pair.key as Node);
}

/** Where a value stands, without what follows it. */
export function spanOf(node: Node | undefined): Span | undefined {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}

/** The number as it was written, where a scalar is one: YAML reads 3.10 as 3.1. */
export function writtenNumber(node: Node | undefined): string | undefined {
  return isScalar(node) && typeof node.value === 'number' ? node.source : undefined;
}

/** A node as JSON text, its numbers as they were written where JSON writes them so too. */
export function jsonOf(node: Node | undefined): string {
  if (isSeq(node)) return `[${node.items.map((item) => jsonOf(item as Node)).join(',')}]`;
  if (isMap(node)) {
    const members = node.items.map(
      (pair) => `${JSON.stringify(keyName(pair) ?? '')}:${jsonOf((pair.value ?? undefined) as Node)}`,
    );
    return `{${members.join(',')}}`;
  }
  if (!isScalar(node)) return 'null';
  if (typeof node.value !== 'number') return JSON.stringify(node.value ?? null);
  const { source = '' } = node;
  return /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/.test(source) ? source : String(node.value);
}

function hasMoreLexemes(text: string, most: number): boolean {
  let count = 0;
  for (const _ of new Lexer().lex(text)) if (++count > most) return true;
  return false;
}

type Reading = Pick<Source, 'kind' | 'findings'>;

function plain(node: Node, reading: Reading): unknown {
  const {
    findings,
    kind: { noun, quotable },
  } = reading;
  const span = spanOf(node) ?? { start: 0, end: 0 };
  const quote = (text: string) => (quotable ? `: ${text}` : '');
  if (isAlias(node)) {
    findings.error('yaml-alias', span, `${noun} has no aliases${quote(`*${node.source}`)}`, {
      hint: 'write the value out',
    });
    return undefined;
  }
  const { anchor, tag } = node as { readonly anchor?: string; readonly tag?: string };
  if (anchor !== undefined)
    findings.error('yaml-alias', span, `${noun} has no anchors${quote(`&${anchor}`)}`);
  if (tag !== undefined) findings.error('yaml-tag', span, `${noun} has no tags${quote(tag)}`);
  if (isSeq(node)) return node.items.map((item) => plain(item as Node, reading));
  if (isMap(node)) return plainMap(node.items, reading);
  return isScalar(node) ? node.value : undefined;
}

function plainMap(pairs: readonly Pair[], reading: Reading): Record<string, unknown> {
  const {
    findings,
    kind: { noun },
  } = reading;
  const value: Record<string, unknown> = {};
  const seen = new Map<string, Span | undefined>();
  for (const pair of pairs) {
    const item = pair.value === null ? null : plain(pair.value as Node, reading);
    const name = keyName(pair);
    const span = spanOf(pair.key as Node) ?? { start: 0, end: 0 };
    if (name === undefined) {
      findings.error('yaml-key', span, 'a key must be a word');
    } else if (name === '<<') {
      findings.error('yaml-alias', span, `${noun} has no merge keys`, { hint: 'write the keys out' });
    } else if (name === '__proto__') {
      findings.error('unknown-key', span, `the key __proto__ may not stand in ${noun}`);
    } else if (seen.has(name)) {
      const first = seen.get(name);
      findings.error(
        'duplicate-key',
        span,
        `the key ${name} stands here twice`,
        first === undefined ? {} : { first },
      );
    } else {
      plain(pair.key as Node, reading);
      seen.set(name, span);
      value[name] = item;
    }
  }
  return value;
}

/** A key as text; a number or a boolean counts as it is written. */
function keyName({ key }: Pair): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function pairOf(node: unknown, name: string): Pair | undefined {
  return isMap(node) ? node.items.find((pair) => keyName(pair) === name) : undefined;
}

function wording({ code, message }: Pick<YAMLError, 'code' | 'message'>, kind: TextKind): string {
  if (code === 'MULTIPLE_DOCS') return `${kind.noun} is one document: a second begins here`;
  // The parser's own words may repeat some of the text.
  if (!kind.quotable) return yamlWords[code] ?? unquotedWords[code] ?? 'this is no YAML';
  return yamlWords[code] ?? message.replace(/\n.*$/s, '').replace(/\.$/, '');
}

function yamlHint({ code }: Pick<YAMLError, 'code'>, { hints }: TextKind): string | undefined {
  return code === 'MULTIPLE_DOCS' ? hints.severalDocuments : yamlHints[code];
}

const yamlWords: Readonly<Partial<Record<string, string>>> = {
  TAB_AS_INDENT: 'a tab may not indent a line',
  RESOURCE_EXHAUSTION: 'the text is nested too deep',
};

const unquotedWords: Readonly<Partial<Record<string, string>>> = {
  BAD_DQ_ESCAPE: 'this is no escape sequence of a text in double quotation marks',
  BAD_INDENT: 'the indentation is wrong',
  BAD_SCALAR_START: 'a value that begins with this sign must stand in quotation marks',
  BLOCK_AS_IMPLICIT_KEY: 'a mapping cannot begin here',
  MISSING_CHAR: 'a sign is missing here, such as a comma, a quotation mark, or a blank behind a colon',
  UNEXPECTED_TOKEN: 'this does not belong here',
};

const yamlHints: Readonly<Partial<Record<string, string>>> = {
  TAB_AS_INDENT: 'indent with spaces',
  BLOCK_AS_IMPLICIT_KEY: 'a value that holds ": " must stand in quotation marks',
};
