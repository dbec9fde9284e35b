import type { Node } from 'web-tree-sitter';
import type { CodeCase, CodeField, CodeType } from '../../stack.ts';
import type { HaskellModule } from './haskell-module.ts';
import { children } from './syntax.ts';
import { named, type TypeReader } from './type-reader.ts';
import { parametersOf, type WrittenType } from './written-type.ts';

/** A use of a data or newtype of the author's. */
export interface DataUse {
  readonly name: string;
  readonly node: Node;
  readonly module: HaskellModule;
  readonly args: readonly WrittenType[];
  readonly inside: ReadonlySet<string>;
}

interface Constructor {
  readonly name: Node;
  /** `places`: unnamed arguments. `hidden`: it says more than the types of its arguments. */
  readonly kind: 'fields' | 'places' | 'hidden';
  readonly fields: readonly { readonly name: Node | undefined; readonly type: Node }[];
}

/** One constructor with named fields is a record, one with a single unnamed argument is looked through, several are the cases of a sum. */
export function readData(use: DataUse, text: string, reader: TypeReader): CodeType {
  const unknown: CodeType = { kind: 'unknown', text };
  const constructors = constructorsOf(use.node);
  const parameters = parametersOf(use.node);
  if (constructors === undefined || parameters.length !== use.args.length) return unknown;
  if (constructors.some(({ kind }) => kind === 'hidden')) return unknown;
  const variables = new Map(
    parameters.flatMap((name, index) => {
      const given = use.args[index];
      return given === undefined ? [] : [[name, given] as const];
    }),
  );
  const read = (node: Node) => reader.read({ node, module: use.module, variables, inside: use.inside });
  const [only, ...more] = constructors;
  if (only === undefined) return { kind: 'unsupported', text, reason: 'it has no values' };
  if (more.length > 0) {
    const cases = constructors.map((one) => caseOf(one, read, use.module));
    return { kind: 'sum', cases, text };
  }
  const [first, ...others] = only.fields;
  if (only.kind === 'fields' && use.node.type === 'data_type')
    return { kind: 'record', fields: fieldsOf(only, read, use.module), text };
  if (first === undefined) return { kind: 'sum', cases: [caseOf(only, read, use.module)], text };
  return others.length === 0 ? named(read(first.type), text) : unnamed(only, text);
}

function caseOf(one: Constructor, read: (node: Node) => CodeType, module: HaskellModule): CodeCase {
  const { name: node, kind, fields } = one;
  const name = node.text;
  const place = module.placeOf(node);
  const [first, ...more] = fields;
  if (kind === 'fields') {
    const named = fieldsOf(one, read, module);
    // In other languages the payload is looked for in a field of that name.
    const isWrapped = named.length === 1 && named[0]?.name === 'value';
    const text = isWrapped
      ? `a record with the field value (write ${name} with an argument without a name)`
      : name;
    return { name, place, type: { kind: 'record', fields: named, text } };
  }
  if (first === undefined)
    return { name, place, type: { kind: 'known', type: { kind: 'unit' }, text: name } };
  return { name, place, type: more.length === 0 ? read(first.type) : unnamed(one, name) };
}

function fieldsOf(
  { fields }: Constructor,
  read: (node: Node) => CodeType,
  module: HaskellModule,
): readonly CodeField[] {
  return fields.flatMap(({ name, type }) =>
    name === undefined
      ? []
      : [{ name: name.text, type: read(type), hasDefault: false, place: module.placeOf(name) }],
  );
}

function unnamed({ name, fields }: Constructor, text: string): CodeType {
  const reason = `${name.text} has ${fields.length} arguments without names; name its fields`;
  return { kind: 'unsupported', text, reason };
}

/** Undefined where the definition is written in a way that is not understood here. */
function constructorsOf(definition: Node): readonly Constructor[] | undefined {
  const single = definition.childForFieldName('constructor');
  if (definition.type === 'newtype') return single === null ? undefined : [readNewtype(single)];
  const list = definition.childForFieldName('constructors');
  if (list === null) return [];
  return list.type === 'data_constructors' ? children(list).map(readConstructor) : undefined;
}

function readNewtype(node: Node): Constructor {
  const name = node.childForFieldName('name') ?? node;
  const field = node.childForFieldName('field');
  if (field === null) return { name, kind: 'hidden', fields: [] };
  if (field.type === 'record') return { name, kind: 'fields', fields: children(field).flatMap(readFields) };
  return { name, kind: 'places', fields: [{ name: undefined, type: field }] };
}

function readConstructor(wrapper: Node): Constructor {
  const inner = wrapper.childForFieldName('constructor');
  const name = inner?.childForFieldName('name') ?? wrapper;
  const hidden: Constructor = { name, kind: 'hidden', fields: [] };
  if (inner === null || wrapper.childForFieldName('forall') !== null) return hidden;
  if (wrapper.childForFieldName('context') !== null) return hidden;
  switch (inner.type) {
    case 'record': {
      const fields = inner.childForFieldName('fields');
      return { name, kind: 'fields', fields: fields === null ? [] : children(fields).flatMap(readFields) };
    }
    case 'prefix':
      return {
        name,
        kind: 'places',
        fields: inner.childrenForFieldName('field').map((type) => ({ name: undefined, type })),
      };
    case 'infix': {
      const operator = inner.childForFieldName('operator') ?? inner;
      const sides = [inner.childForFieldName('left_operand'), inner.childForFieldName('right_operand')];
      const fields = sides.flatMap((type) => (type === null ? [] : [{ name: undefined, type }]));
      return { name: operator, kind: 'places', fields };
    }
    default:
      return hidden;
  }
}

/** `a` and `b` of `a, b :: !Int`. */
function readFields(field: Node): Constructor['fields'] {
  const type = field.childForFieldName('type');
  if (field.type !== 'field' || type === null) return [];
  return field
    .childrenForFieldName('name')
    .flatMap(children)
    .map((name) => ({ name, type }));
}
