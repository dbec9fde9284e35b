import type { CodeCase, CodeType } from '../../stack.ts';
import { readData } from './data.ts';
import type { OwnModules } from './own-modules.ts';
import { children, textOf } from './syntax.ts';
import { named, polymorphic, type TypeReader } from './type-reader.ts';
import type { TypeWord } from './type-words.ts';
import { keyOf, takeApart, type WrittenType } from './written-type.ts';

const deepest = 100;
/** Synonyms of synonyms can make a type of any size from a few lines. */
const mostParts = 5_000;
export const selfReference = 'it refers to itself, and types are finite';
const noData = 'a function is no data';

/** Understands what the author's own modules tell, and the types of well-known libraries; anything else is `unknown`. */
export function createTypeReader(own: OwnModules): TypeReader {
  /** Types that depend on no variables, by their node, with the number of their parts. */
  const known = new Map<number, { readonly type: CodeType; readonly size: number }>();
  let depth = 0;
  let parts = 0;
  const reader: TypeReader = { read, own };
  return reader;

  function read(written: WrittenType): CodeType {
    if (depth === 0) parts = 0;
    const before = parts;
    const seen = known.get(written.node.id);
    parts += seen?.size ?? 1;
    if (depth >= deepest || parts >= mostParts) return { kind: 'unknown', text: textOf(written.node) };
    if (seen !== undefined) return seen.type;
    depth += 1;
    const type = readApplied(written, textOf(written.node));
    depth -= 1;
    if (written.variables.size === 0 && parts < mostParts)
      known.set(written.node.id, { type, size: parts - before });
    return type;
  }

  function readApplied(written: WrittenType, text: string): CodeType {
    const { head, args, meaning } = takeApart(written, own);
    const [first] = args;
    const unknown: CodeType = { kind: 'unknown', text };
    switch (head.node.type) {
      case 'name':
      case 'qualified':
        return meaning === undefined ? unknown : readNamed({ head, args, meaning }, text);
      case 'unit':
        return args.length === 0 ? { kind: 'known', type: { kind: 'unit' }, text } : unknown;
      case 'list': {
        const [item, ...more] = children(head.node);
        if (item === undefined || more.length > 0 || args.length > 0) return unknown;
        return readList({ ...head, node: item }, text);
      }
      case 'prefix_list':
        return first === undefined || args.length > 1 ? unknown : readList(first, text);
      case 'tuple': {
        const items = children(head.node);
        return { kind: 'tuple', items: items.map((node) => read({ ...head, node })), text };
      }
      case 'prefix_tuple':
        return args.length === head.node.text.split(',').length
          ? { kind: 'tuple', items: args.map(read), text }
          : unknown;
      case 'function':
      case 'linear_function':
        return { kind: 'unsupported', text, reason: noData };
      case 'variable':
      case 'forall':
      case 'context':
        return { kind: 'unsupported', text, reason: polymorphic };
      default:
        return unknown;
    }
  }

  function readNamed(
    { head, args, meaning }: Required<ReturnType<typeof takeApart>>,
    text: string,
  ): CodeType {
    switch (meaning.kind) {
      case 'unknown':
        return { kind: 'unknown', text };
      case 'nothing':
        return { kind: 'unsupported', text, reason: 'the module neither defines nor imports that type' };
      case 'word':
        return readWord(meaning.word, args, text);
      case 'own': {
        const key = keyOf(meaning.name, meaning.module);
        if (head.inside.has(key)) return { kind: 'unsupported', text, reason: selfReference };
        return readData({ ...meaning, args, inside: new Set([...head.inside, key]) }, text, reader);
      }
      default:
        return meaning satisfies never;
    }
  }

  function readWord(word: TypeWord, args: readonly WrittenType[], text: string): CodeType {
    const [first, second, ...more] = args;
    const unknown: CodeType = { kind: 'unknown', text };
    if (word.kind === 'plain')
      return args.length === 0 || word.type.kind === 'unsupported' ? { ...word.type, text } : unknown;
    if (word.kind === 'char') return { kind: 'unsupported', text, reason: 'use Text' };
    if (word.kind === 'strict-text') return { kind: 'known', type: { kind: 'text' }, text };
    if (word.kind === 'ordering') return { kind: 'sum', cases: ['LT', 'EQ', 'GT'].map(aloneCase), text };
    if (first === undefined || more.length > 0) return unknown;
    if (word.kind === 'map') return second === undefined ? unknown : readMap(first, second, text);
    if (word.kind === 'either') {
      if (second === undefined) return unknown;
      const cases = [
        { name: 'Left', type: read(first) },
        { name: 'Right', type: read(second) },
      ];
      return { kind: 'sum', cases, text };
    }
    if (word.kind === 'vectorised')
      return { kind: 'unsupported', text, reason: 'it stands for a whole function' };
    if (second !== undefined) return unknown;
    switch (word.kind) {
      case 'list':
        return { kind: 'list', item: read(first), text };
      case 'optional':
        return readOptional(first, text);
      case 'same':
        return named(read(first), text);
      case 'io':
        return { kind: 'unsupported', text, reason: 'IO stands around the result alone' };
      default:
        return word.kind satisfies never;
    }
  }

  /** `[Char]` is a text. */
  function readList(item: WrittenType, text: string): CodeType {
    const { meaning } = takeApart(item, own);
    if (meaning?.kind === 'word' && meaning.word.kind === 'char')
      return { kind: 'known', type: { kind: 'text' }, text };
    return { kind: 'list', item: read(item), text };
  }

  function readOptional(value: WrittenType, text: string): CodeType {
    const item = read(value);
    if (item.kind === 'unknown') return { kind: 'unknown', text };
    const reason = withNull(item);
    return reason === undefined ? { kind: 'optional', item, text } : { kind: 'unsupported', text, reason };
  }

  function readMap(key: WrittenType, value: WrittenType, text: string): CodeType {
    const { meaning } = takeApart(key, own);
    if (meaning?.kind !== 'word' || meaning.word.kind !== 'strict-text') {
      if (read(key).kind === 'unknown') return { kind: 'unknown', text };
      return { kind: 'unsupported', text, reason: `the keys of a Map are Text, not ${textOf(key.node)}` };
    }
    return { kind: 'map', item: read(value), text };
  }
}

/** Why a type holds null itself, so that no Maybe can stand around it. */
function withNull(item: CodeType): string | undefined {
  if (item.kind === 'optional') return 'a Maybe of a Maybe cannot be told from none';
  if (item.kind === 'open') return 'Json holds null itself; leave out the Maybe';
  return item.kind === 'known' && item.type.kind === 'unit'
    ? 'a Maybe of () cannot be told from none'
    : undefined;
}

function aloneCase(name: string): CodeCase {
  return { name, type: { kind: 'known', type: { kind: 'unit' }, text: name } };
}
