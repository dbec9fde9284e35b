import type { Node } from 'web-tree-sitter';
import type { CodeCase, CodeType } from '../../stack.ts';
import { readClassShape } from './class-shape.ts';
import { subscriptParts, textOf } from './hint-syntax.ts';
import { namedHints, outside, reasonsOutside } from './hint-words.ts';
import { children, type PythonFile, plainString } from './python-file.ts';
import type { Scope } from './scope.ts';
import type { ClassShape, HintReader } from './shapes.ts';

const deepest = 100;
const selfReference = 'it refers to itself, and types are finite';

/** Understands what can be told from the file alone; what comes from elsewhere or is computed is `unknown`. */
export function createHintReader(source: PythonFile, scope: Scope): HintReader {
  const shapes = new Map<string, ClassShape>();
  /** Names that are being read: one that comes again holds itself. */
  const open = new Set<string>();
  let depth = 0;
  const reader: HintReader = { read: readHint, readItems };
  return reader;

  function readHint(hint: Node): CodeType {
    const text = textOf(hint);
    if (depth >= deepest) return { kind: 'unknown', text };
    depth += 1;
    const type = readWritten(hint, text);
    depth -= 1;
    return type;
  }

  function readWritten(hint: Node, text: string): CodeType {
    switch (hint.type) {
      case 'type':
      case 'parenthesized_expression': {
        const [inner] = children(hint);
        return inner === undefined ? { kind: 'unknown', text } : readHint(inner);
      }
      case 'none':
        return { kind: 'known', type: { kind: 'unit' }, text };
      case 'identifier':
      case 'attribute':
        return readName(hint, text);
      case 'generic_type':
      case 'subscript':
        return readSubscript(hint, text);
      case 'union_type':
        return joinMembers(membersOf(hint), text);
      case 'binary_operator':
        return isUnion(hint) ? joinMembers(membersOf(hint), text) : { kind: 'unknown', text };
      case 'string': {
        const inner = quoted(hint);
        return inner === undefined ? { kind: 'unknown', text } : readHint(inner);
      }
      default:
        return { kind: 'unknown', text };
    }
  }

  function quoted(hint: Node): Node | undefined {
    const content = plainString(hint);
    return content === undefined ? undefined : source.parseExpression(content);
  }

  function readName(hint: Node, text: string): CodeType {
    const alias = aliasValue(hint);
    if (alias !== undefined) return readAlias(text, alias);
    const shape = classShape(hint);
    if (shape !== undefined)
      return shape.kind === 'record' ? { kind: 'record', fields: shape.fields, text } : shape.type;
    const path = scope.qualify(hint);
    if (path === undefined) return { kind: 'unknown', text };
    const known = namedHints[path];
    if (known !== undefined) return { ...known, text };
    return outside(path, text);
  }

  function readAlias(name: string, value: Node): CodeType {
    if (open.has(name)) return { kind: 'unsupported', text: name, reason: selfReference };
    open.add(name);
    const type = readHint(value);
    open.delete(name);
    return type;
  }

  /** What `X` stands for in `X = list[int]`, `type X = ...`, `X: TypeAlias = ...`, `X = NewType("X", str)`. */
  function aliasValue(hint: Node): Node | undefined {
    const binding = hint.type === 'identifier' ? scope.final(hint.text) : undefined;
    const value = binding?.kind === 'assigned' ? binding.value : undefined;
    if (value?.type !== 'call') return value;
    const called = value.childForFieldName('function');
    if (called === null || scope.qualify(called) !== 'typing.NewType') return undefined;
    return children(value.childForFieldName('arguments') ?? value)[1];
  }

  function classShape(hint: Node): ClassShape | undefined {
    const binding = hint.type === 'identifier' ? scope.final(hint.text) : undefined;
    if (binding?.kind !== 'class') return undefined;
    const known = shapes.get(binding.name);
    if (known !== undefined) return known;
    if (open.has(binding.name)) {
      return { kind: 'other', type: { kind: 'unsupported', text: binding.name, reason: selfReference } };
    }
    open.add(binding.name);
    const shape = readClassShape(binding.node, { source, scope, reader, classShape });
    open.delete(binding.name);
    shapes.set(binding.name, shape);
    return shape;
  }

  function readSubscript(hint: Node, text: string): CodeType {
    const [base, ...args] = subscriptParts(hint);
    const path = base === undefined ? undefined : scope.qualify(base);
    const [first, second] = args;
    const unknown: CodeType = { kind: 'unknown', text };
    if (path === undefined || first === undefined) return unknown;
    switch (path) {
      case 'builtins.list':
      case 'typing.List':
      case 'typing.Sequence':
      case 'typing.MutableSequence':
      case 'typing.Collection':
        return { kind: 'list', item: readHint(first), text };
      case 'builtins.dict':
      case 'typing.Dict':
      case 'typing.Mapping':
      case 'typing.MutableMapping':
        return second === undefined ? unknown : readMap(first, second, text);
      case 'builtins.tuple':
      case 'typing.Tuple':
        if (second !== undefined && textOf(second) === '...')
          return { kind: 'list', item: readHint(first), text };
        return { kind: 'tuple', items: args.map(readHint), text };
      case 'typing.Optional':
      case 'typing.Union':
        return joinMembers(membersOf(hint), text);
      case 'typing.Annotated':
      case 'typing.Final':
      case 'typing.ReadOnly':
      case 'typing.Required':
      case 'typing.NotRequired':
        return readHint(first);
      default:
        return reasonsOutside[path] === undefined ? unknown : outside(path, text);
    }
  }

  function readItems(hint: Node): CodeType | undefined {
    const [base, item] = partsOf(hint);
    const path = base === undefined ? undefined : scope.qualify(base);
    if (!/^typing\.(Iterator|Iterable|Generator)$/.test(path ?? '')) return undefined;
    if (item === undefined) return { kind: 'unstated' };
    const [wrapper, inner] = partsOf(item);
    if (wrapper === undefined || scope.qualify(wrapper) !== 'nstack.Positioned') return readHint(item);
    return inner === undefined ? { kind: 'unstated' } : readHint(inner);
  }

  /** The base of a hint and its first arguments, quotes and brackets looked through. */
  function partsOf(hint: Node): readonly (Node | undefined)[] {
    if (hint.type === 'generic_type' || hint.type === 'subscript') return subscriptParts(hint);
    const inner =
      hint.type === 'string'
        ? quoted(hint)
        : /^(type|parenthesized_expression)$/.test(hint.type)
          ? children(hint)[0]
          : undefined;
    return inner === undefined ? [hint] : partsOf(inner);
  }

  function readMap(key: Node, value: Node, text: string): CodeType {
    const keyType = readHint(key);
    if (keyType.kind === 'unknown') return { kind: 'unknown', text };
    if (keyType.kind !== 'known' || keyType.type.kind !== 'text') {
      return { kind: 'unsupported', text, reason: `the keys of a Map are Text (str), not ${textOf(key)}` };
    }
    return { kind: 'map', item: readHint(value), text };
  }

  interface Member {
    readonly node: Node;
    readonly type: CodeType;
    readonly shape: ClassShape | undefined;
  }

  /** The members of a union, unions inside it flattened, also behind names. */
  function membersOf(hint: Node): readonly Member[] {
    if (depth >= deepest) return [member(hint, { kind: 'unknown', text: textOf(hint) })];
    depth += 1;
    const members = splitUnion(hint) ?? [member(hint, readHint(hint), classShape(hint))];
    depth -= 1;
    return members;
  }

  /** Undefined where the hint is no union and stands for none. */
  function splitUnion(hint: Node): readonly Member[] | undefined {
    const alias = aliasValue(hint);
    if (alias !== undefined && !open.has(hint.text)) {
      open.add(hint.text);
      const members = membersOf(alias);
      open.delete(hint.text);
      return members;
    }
    switch (hint.type) {
      case 'type':
      case 'parenthesized_expression':
      case 'union_type':
        return children(hint).flatMap(membersOf);
      case 'binary_operator':
        return isUnion(hint) ? children(hint).flatMap(membersOf) : undefined;
      case 'string': {
        const inner = quoted(hint);
        return inner === undefined ? undefined : membersOf(inner);
      }
      case 'generic_type':
      case 'subscript': {
        const [base, ...args] = subscriptParts(hint);
        const path = base === undefined ? undefined : scope.qualify(base);
        if (path === 'typing.Union') return args.flatMap(membersOf);
        if (path === 'typing.Optional') {
          return [
            ...args.flatMap(membersOf),
            member(hint, { kind: 'known', type: { kind: 'unit' }, text: 'None' }),
          ];
        }
        return undefined;
      }
      default:
        return undefined;
    }
  }

  function member(node: Node, type: CodeType, shape?: ClassShape): Member {
    return { node, type, shape };
  }

  function joinMembers(members: readonly Member[], text: string): CodeType {
    const values = members.filter(({ type }) => type.kind !== 'known' || type.type.kind !== 'unit');
    const type = joinValues(values, text);
    if (values.length === members.length || values.length === 0) return type;
    if (type.kind === 'unknown' || type.kind === 'unsupported' || type.kind === 'optional') return type;
    if (type.kind === 'open' && type.shape === 'any') return { ...type, text };
    return { kind: 'optional', item: type, text };
  }

  function joinValues(values: readonly Member[], text: string): CodeType {
    const [first, second] = values;
    if (first === undefined) return { kind: 'known', type: { kind: 'unit' }, text };
    if (second === undefined) return first.type;
    const any = values.find(({ type }) => type.kind === 'open' && type.shape === 'any');
    if (any !== undefined) return any.type;
    if (values.some(({ type }) => type.kind === 'unknown')) return { kind: 'unknown', text };
    const cases = values.map(caseOf);
    if (cases.every((found) => found !== undefined)) return { kind: 'sum', cases, text };
    const bad = values.find((value) => caseOf(value) === undefined) ?? first;
    const reason = `${textOf(bad.node)} is no case of a sum: each is a dataclass that is named after its case`;
    return { kind: 'unsupported', text, reason };
  }

  function caseOf({ shape }: Member): CodeCase | undefined {
    if (shape?.kind !== 'record' || !shape.mayBeCase) return undefined;
    const { name, place, fields } = shape;
    const [only, ...more] = fields;
    if (only === undefined)
      return { name, place, type: { kind: 'known', type: { kind: 'unit' }, text: name } };
    const payload = only.name === 'value' && more.length === 0 ? { payload: only.type } : {};
    return { name, place, type: { kind: 'record', fields, text: name }, ...payload };
  }
}

function isUnion(operator: Node): boolean {
  return operator.childForFieldName('operator')?.text === '|';
}
