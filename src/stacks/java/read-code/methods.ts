import type { Node } from 'web-tree-sitter';
import type { CodeFault, CodeFunction, CodeType } from '../../stack.ts';
import { kindsOfResult, kindsOfSource } from './known-names.ts';
import type { Ancestor } from './lineage.ts';
import type { Names } from './names.ts';
import {
  annotationsOf,
  children,
  dimensionsOf,
  dotted,
  parametersOf,
  textOf,
  typeParametersOf,
  type WrittenParameter,
} from './nodes.ts';
import type { TypeContext, TypeReader } from './type-context.ts';

/** One written method, and the class that it is written in. */
export interface Method {
  readonly name: string;
  readonly node: Node;
  readonly nameNode: Node;
  readonly owner: Ancestor;
}

/** What one method says of itself. */
export function readMethod(method: Method, names: Names, reader: TypeReader): CodeFunction {
  const { name, node, nameNode, owner } = method;
  const { file } = owner.declaration;
  const context: TypeContext = { file, inside: owner.declaration, variables: variablesIn(method) };
  const result = node.childForFieldName('type');
  const place = file.placeOf(nameNode);
  const sourceLine = file.line(place.line);
  const faults = resultFault(result, context, names);
  const item = result === null ? undefined : itemOf(result, context, names, reader);
  return {
    name,
    parameters: parametersOf(node).map((parameter) => readParameter(parameter, context, reader)),
    result:
      item ?? (result === null ? { kind: 'unknown', text: '' } : reader.readDeclared(node, result, context)),
    ...(item === undefined ? {} : { source: true }),
    vectorised: annotationsOf(node).includes('Vectorised'),
    place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
    ...(faults.length > 0 ? { faults } : {}),
  };
}

/** The type variables of a generic method stand for nothing that can be told before a call. */
function variablesIn({ node, owner }: Method): ReadonlyMap<string, CodeType> {
  const own = typeParametersOf(node).map((name): [string, CodeType] => [
    name,
    { kind: 'unsupported', text: name, reason: 'its type is not known before it is called' },
  ]);
  return own.length === 0 ? owner.variables : new Map([...owner.variables, ...own]);
}

function readParameter(
  { node, name, type, dimensions }: WrittenParameter,
  context: TypeContext,
  reader: TypeReader,
): CodeFunction['parameters'][number] {
  return {
    name: name.text,
    type: reader.readDeclared(node, type, context, dimensions),
    optional: false,
    place: context.file.placeOf(node),
  };
}

/** What a source gives one by one: the T of `Iterator<T>` and `Iterator<Positioned<T>>`; undefined where it is none. */
function itemOf(result: Node, context: TypeContext, names: Names, reader: TypeReader): CodeType | undefined {
  if (!kindsOfSource.has(libraryPath(result, context, names))) return undefined;
  const item = argumentOf(result);
  if (item === undefined || !/identifier|generic_type/.test(item.type))
    return item === undefined ? anyItem(textOf(result)) : reader.read(item, context);
  if (libraryPath(item, context, names) !== 'io.nstack.Positioned') return reader.read(item, context);
  const inner = argumentOf(item);
  return inner === undefined ? anyItem(textOf(item)) : reader.read(inner, context);
}

function anyItem(text: string): CodeType {
  return { kind: 'open', shape: 'any', text };
}

/** The full name of a class of a library; empty for others. */
function libraryPath(type: Node, context: TypeContext, names: Names): string {
  if (!/^(type_identifier|scoped_type_identifier|generic_type)$/.test(type.type)) return '';
  const base = type.type === 'generic_type' ? (children(type)[0] ?? type) : type;
  const meaning = names.meaningOf(base, context);
  return meaning.kind === 'library' ? meaning.path : '';
}

/** The first type in the angle brackets. */
function argumentOf(type: Node): Node | undefined {
  const list = children(type).find((part) => part.type === 'type_arguments');
  return list === undefined ? undefined : children(list)[0];
}

function resultFault(result: Node | null, context: TypeContext, names: Names): readonly CodeFault[] {
  if (result === null) return [];
  const base = result.type === 'generic_type' ? (children(result)[0] ?? result) : result;
  const reason = kindsOfResult[libraryPath(result, context, names)];
  return reason === undefined ? [] : [fault(`it returns ${textOf(base)}: ${reason}`)];
}

function fault(reason: string): CodeFault {
  return { code: 'function-kind', severity: 'error', text: `cannot be served: ${reason}` };
}

/** Whether two methods of one name have the same parameters, so that one replaces the other; type variables are like anything. */
export function isOverride(method: Method, inherited: Method): boolean {
  const ours = erasedParameters(method);
  const theirs = erasedParameters(inherited);
  return (
    ours.length === theirs.length &&
    ours.every((type, index) => type === theirs[index] || type === anything || theirs[index] === anything)
  );
}

const anything = '*';

/** The types of a method's parameters without their arguments: `List`, `long[]`. */
export function erasedParameters({ node, owner }: Method): readonly string[] {
  const variables = new Set([...owner.variables.keys(), ...typeParametersOf(node)]);
  return parametersOf(node).map(({ type, dimensions }) => {
    const inner = type.type === 'array_type' ? (type.childForFieldName('element') ?? type) : type;
    const name = erasedName(inner);
    const brackets = '[]'.repeat(dimensions + (inner === type ? 0 : dimensionsOf(type)));
    return variables.has(name) ? anything : `${name}${brackets}`;
  });
}

/** The last word of a type: `List` of `java.util.List<String>`. */
function erasedName(type: Node): string {
  return (
    dotted(type.type === 'generic_type' ? (children(type)[0] ?? type) : type)
      .split('.')
      .at(-1) ?? ''
  );
}
