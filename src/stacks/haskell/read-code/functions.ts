import type { Node } from 'web-tree-sitter';
import type { Place } from '../../../core/index.ts';
import type { CodeFault, CodeFunction, CodeType } from '../../stack.ts';
import type { Value } from './declarations.ts';
import type { HaskellModule } from './haskell-module.ts';
import { children, textOf } from './syntax.ts';
import { polymorphic, type TypeReader } from './type-reader.ts';
import { takeApart, type WrittenType } from './written-type.ts';

/** What one function says of itself, by its signature; without one GHC alone knows its type. */
export function readFunction(
  value: Value,
  module: HaskellModule,
  reader: TypeReader,
  place: Place = module.placeOf(value.name),
): CodeFunction {
  const sourceLine = module.line(place.line);
  const self = {
    name: value.name.text,
    place,
    ...(sourceLine === undefined || place.file !== module.file ? {} : { sourceLine }),
  };
  const { type } = value;
  if (type === undefined || !value.sure) {
    const text = type === undefined ? 'an inferred type' : `the type ${textOf(type)}`;
    return {
      ...self,
      parameters: [],
      variadic: true,
      result: { kind: 'unknown', text },
      vectorised: false,
    };
  }
  const faults = polymorphism(type);
  const written: WrittenType = { node: type, module, variables: new Map(), inside: new Set() };
  const { parameters, result, vectorised, source } = readSignature(written, reader);
  return {
    ...self,
    parameters: withoutUnit(parameters).map((parameter, index) => ({
      ...parameter,
      name: nameOf(value.patterns[index]) ?? `arg${index + 1}`,
      optional: false,
    })),
    result,
    vectorised,
    ...(source === true ? { source } : {}),
    ...(faults.length > 0 ? { faults } : {}),
  };
}

interface Signature {
  readonly parameters: readonly { readonly type: CodeType; readonly place: Place }[];
  readonly result: CodeType;
  readonly vectorised: boolean;
  readonly source?: boolean;
}

/** Arrows are followed through synonyms too; IO around the result is looked through. */
function readSignature(written: WrittenType, reader: TypeReader): Signature {
  const parameters: { type: CodeType; place: Place }[] = [];
  let last: WrittenType | undefined;
  const take = ({ node, module, ...rest }: WrittenType, type?: CodeType) =>
    parameters.push({
      type: type ?? reader.read({ node, module, ...rest }),
      place: module.placeOf(node),
    });
  let rest = written;
  for (;;) {
    const { head, args, meaning } = takeApart(rest, reader.own);
    const { node } = head;
    const inner = node.type === 'context' || node.type === 'forall' ? node.childForFieldName('type') : null;
    const parameter = node.childForFieldName('parameter');
    const result = node.childForFieldName('result');
    const [first, second] = args;
    const word = meaning?.kind === 'word' ? meaning.word.kind : undefined;
    if (inner !== null) rest = { ...head, node: inner };
    else if (/^(linear_)?function$/.test(node.type) && parameter !== null && result !== null) {
      last = { ...head, node: parameter };
      take(last);
      rest = { ...head, node: result };
    } else if (word === 'io' && first !== undefined && second === undefined) {
      const result = reader.read(first);
      const item = last === undefined || !isUnit(result) ? undefined : itemOf(last, reader);
      if (item === undefined) return { parameters, result, vectorised: false };
      return { parameters: parameters.slice(0, -1), result: item, vectorised: false, source: true };
    } else if (
      word === 'vectorised' &&
      first !== undefined &&
      second !== undefined &&
      parameters.length === 0
    ) {
      take(first, listOf(first, reader));
      return { parameters, result: listOf(second, reader), vectorised: true };
    } else return { parameters, result: reader.read(rest), vectorised: false };
  }
}

/** What a source gives one by one: the T of the function `T -> IO ()`, or `T -> position -> IO ()`, that it takes; undefined for other types. */
function itemOf(taken: WrittenType, reader: TypeReader): CodeType | undefined {
  let rest = taken;
  const items: WrittenType[] = [];
  for (;;) {
    const { head, args, meaning } = takeApart(rest, reader.own);
    const parameter = head.node.childForFieldName('parameter');
    const result = head.node.childForFieldName('result');
    if (/^(linear_)?function$/.test(head.node.type) && parameter !== null && result !== null) {
      items.push({ ...head, node: parameter });
      rest = { ...head, node: result };
      continue;
    }
    const [item, ...more] = items;
    const [given] = args;
    const isIo = meaning?.kind === 'word' && meaning.word.kind === 'io' && given !== undefined;
    if (!isIo || item === undefined || more.length > 1 || !isUnit(reader.read(given))) return undefined;
    return reader.read(item);
  }
}

function isUnit(type: CodeType): boolean {
  return type.kind === 'known' && type.type.kind === 'unit';
}

/** A function of () takes no argument. */
function withoutUnit(parameters: Signature['parameters']): Signature['parameters'] {
  const [first, ...more] = parameters;
  return first !== undefined && isUnit(first.type) && more.length === 0 ? [] : parameters;
}

function listOf(item: WrittenType, reader: TypeReader): CodeType {
  return { kind: 'list', item: reader.read(item), text: `[${textOf(item.node)}]` };
}

/** A variable, be it strict, lazy or in brackets; undefined for other patterns. */
export function nameOf(pattern: Node | undefined): string | undefined {
  if (pattern === undefined || pattern.type === 'variable') return pattern?.text;
  if (pattern.type === 'as') return pattern.childForFieldName('bind')?.text;
  if (!/^(strict|irrefutable|parens|signature)$/.test(pattern.type)) return undefined;
  return nameOf(children(pattern)[0]);
}

function polymorphism(type: Node): readonly CodeFault[] {
  if (!hasVariable(type)) return [];
  return [{ code: 'function-kind', severity: 'error', text: `cannot be served: ${polymorphic}` }];
}

/** What a splice holds is no type. */
function hasVariable(type: Node): boolean {
  return type.type === 'variable' || (type.type !== 'splice' && children(type).some(hasVariable));
}
