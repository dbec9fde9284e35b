import type { Node } from 'web-tree-sitter';
import type { CodeField } from '../../stack.ts';
import { readFields } from './class-fields.ts';
import { children, decoratorsOf } from './python-file.ts';
import type { Scope } from './scope.ts';
import type { ClassContext, ClassShape, Family } from './shapes.ts';

const families: Readonly<Record<string, Family>> = {
  'typing.TypedDict': 'typed-dict',
  'typing.NamedTuple': 'named-tuple',
  'msgspec.Struct': 'struct',
};
const neutralBases = new Set(['builtins.object', 'abc.ABC']);
const neutralDecorators = new Set(['typing.final', 'functools.total_ordering', 'typing.runtime_checkable']);
const neutralKeywords = new Set(
  'frozen kw_only eq order gc weakref cache_hash dict slots repr unsafe_hash total metaclass'.split(' '),
);
const enums = new Set(['enum.Enum', 'enum.IntEnum', 'enum.StrEnum', 'enum.Flag', 'enum.IntFlag']);

/** Reads the fields of a dataclass, TypedDict, NamedTuple or msgspec.Struct, inherited ones of the same file first. */
export function readClassShape(definition: Node, context: ClassContext): ClassShape {
  const { scope, source } = context;
  const name = definition.childForFieldName('name')?.text ?? '';
  const unknown: ClassShape = { kind: 'other', type: { kind: 'unknown', text: name } };
  const { positional, keywords } = argumentsOf(definition);
  const decorators = decoratorsOf(definition).map((decorator) => readDecorator(decorator, scope));
  if (decorators.some((decorator) => decorator === undefined)) return unknown;
  if (keywords.some(({ key }) => !neutralKeywords.has(key))) return unknown;

  let family: Family | undefined = decorators.includes('dataclass') ? 'dataclass' : undefined;
  const inherited = new Map<string, CodeField>();
  for (const base of positional.toReversed()) {
    const shape = context.classShape(base);
    const path = scope.qualify(base) ?? '';
    if (shape?.kind === 'record') {
      family ??= shape.family;
      for (const field of shape.fields) inherited.set(field.name, field);
    } else if (enums.has(path)) {
      const reason = 'an Enum is not in the type language; use str, or a sum of dataclasses';
      return { kind: 'other', type: { kind: 'unsupported', text: name, reason } };
    } else if (families[path] !== undefined) family = families[path];
    else if (!neutralBases.has(path))
      return shape === undefined || shape.type.kind !== 'unsupported' ? unknown : custom(name);
  }
  if (family === undefined) return custom(name);

  const total = keywords.find(({ key }) => key === 'total')?.value !== 'False';
  const addsFields =
    family === 'dataclass'
      ? decorators.includes('dataclass')
      : family !== 'named-tuple' || inherited.size === 0;
  const own = addsFields ? readFields(definition, family, total, context) : [];
  if (own === undefined) return unknown;
  for (const field of own) inherited.set(field.name, field);
  const mayBeCase = family === 'dataclass' || family === 'struct';
  const nameNode = definition.childForFieldName('name') ?? definition;
  return {
    kind: 'record',
    name,
    family,
    fields: [...inherited.values()],
    mayBeCase,
    place: source.placeOf(nameNode),
  };
}

function custom(name: string): ClassShape {
  const reason = 'a class is a record where it is a dataclass, TypedDict, NamedTuple or msgspec.Struct';
  return { kind: 'other', type: { kind: 'unsupported', text: name, reason } };
}

/** `dataclass`, `neutral`, or undefined for a decorator that may do anything. */
function readDecorator(decorator: Node, scope: Scope): 'dataclass' | 'neutral' | undefined {
  const called = decorator.type === 'call' ? decorator.childForFieldName('function') : decorator;
  const path = called === null ? undefined : scope.qualify(called);
  if (path === 'dataclasses.dataclass') return 'dataclass';
  return path !== undefined && neutralDecorators.has(path) ? 'neutral' : undefined;
}

/** The bases of a class, and its keyword arguments as text. */
export function argumentsOf(definition: Node): {
  readonly positional: readonly Node[];
  readonly keywords: readonly { readonly key: string; readonly value: string }[];
} {
  const list = definition.childForFieldName('superclasses');
  const all = list === null ? [] : children(list);
  return {
    positional: all.filter(({ type }) => type !== 'keyword_argument'),
    keywords: all
      .filter(({ type }) => type === 'keyword_argument')
      .map((argument) => ({
        key: argument.childForFieldName('name')?.text ?? '',
        value: argument.childForFieldName('value')?.text ?? '',
      })),
  };
}
