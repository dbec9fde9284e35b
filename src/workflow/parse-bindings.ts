import type { Binding, Value } from './syntax-tree.ts';
import type { TokenReader } from './token-reader.ts';

/** Values deeper than this are a mistake. */
const deepest = 32;

/** `{ threshold = 15, label = "late" }`: parted by commas or line breaks. Undefined where it has a fault, which is in the reader's findings. */
export function parseBindings(reader: TokenReader, depth = 0): readonly Binding[] | undefined {
  if (depth >= deepest) return reader.fail(`at most ${deepest} braces or brackets around a value`);
  reader.advance();
  const bindings: Binding[] = [];
  while (!reader.takeSign('}')) {
    const binding = parseBinding(reader, depth);
    if (binding === undefined) return undefined;
    const first = bindings.find(({ name }) => name === binding.name);
    if (first === undefined) bindings.push(binding);
    else
      reader.findings.error('duplicate-parameter', binding.span, `${binding.name} is given twice`, {
        first: first.span,
      });
    if (!reader.takeSign(',') && !reader.isSign('}') && !reader.token.fresh) return reader.fail('"," or "}"');
    if (reader.atEnd) return reader.fail('"}"');
  }
  return bindings;
}

function parseBinding(reader: TokenReader, depth: number): Binding | undefined {
  const { token } = reader;
  const isName = token.kind === 'name' && token.version === undefined && !token.text.includes('.');
  if (!isName && token.kind !== 'text')
    return reader.fail('the name of a parameter', 'write { threshold = 15 }');
  reader.advance();
  if (!reader.takeSign('=')) {
    return reader.fail('"="', reader.isSign(':') ? `write ${token.text} = ...` : undefined);
  }
  const value = parseValue(reader, depth);
  if (value === undefined) return undefined;
  return { name: token.text, value, span: { start: token.start, end: value.span.end } };
}

function parseValue(reader: TokenReader, depth: number): Value | undefined {
  const { token } = reader;
  const { start } = token;
  const done = () => ({ start, end: reader.lastEnd });
  if (token.kind === 'text' || token.kind === 'number') {
    reader.advance();
    return { kind: token.kind, text: token.text, span: done() };
  }
  if (
    token.kind === 'name' &&
    token.version === undefined &&
    ['true', 'false', 'null'].includes(token.text)
  ) {
    reader.advance();
    return token.text === 'null'
      ? { kind: 'null', span: done() }
      : { kind: 'boolean', value: token.text === 'true', span: done() };
  }
  if (reader.isSign('{')) {
    const fields = parseBindings(reader, depth + 1);
    return fields === undefined ? undefined : { kind: 'record', fields, span: done() };
  }
  if (reader.isSign('[')) {
    const items = parseItems(reader, depth + 1);
    return items === undefined ? undefined : { kind: 'list', items, span: done() };
  }
  const isWord = token.kind === 'name' || token.kind === 'path';
  const hint = isWord ? 'a text stands in double quotation marks' : undefined;
  return reader.fail('a value: a text in quotation marks, a number, true, false, [list] or { record }', hint);
}

function parseItems(reader: TokenReader, depth: number): readonly Value[] | undefined {
  if (depth >= deepest) return reader.fail(`at most ${deepest} braces or brackets around a value`);
  reader.advance();
  const items: Value[] = [];
  while (!reader.takeSign(']')) {
    const item = parseValue(reader, depth);
    if (item === undefined) return undefined;
    items.push(item);
    if (!reader.takeSign(',') && !reader.isSign(']')) return reader.fail('"," or "]"');
  }
  return items;
}
