import type { Node } from 'web-tree-sitter';
import type { CodeFault, CodeFunction, CodeType } from '../../stack.ts';
import { kindsOfResult } from './known-names.ts';
import type { Ancestor } from './lineage.ts';
import type { Names } from './names.ts';
import { annotationsOf, children, dimensionsOf, textOf, typeParametersOf } from './nodes.ts';
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
  const written = parametersOf(node);
  const result = node.childForFieldName('type');
  const place = file.placeOf(nameNode);
  const sourceLine = file.line(place.line);
  const faults = [...genericFault(node), ...resultFault(result, context, names)];
  return {
    name,
    parameters: written
      .filter(({ type }) => type === 'formal_parameter')
      .map((parameter) => readParameter(parameter, context, reader)),
    ...(written.some(({ type }) => type === 'spread_parameter') ? { variadic: true } : {}),
    result: result === null ? { kind: 'unknown', text: '' } : reader.readDeclared(node, result, context),
    vectorised: annotationsOf(node).includes('Vectorised'),
    place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
    ...(faults.length > 0 ? { faults } : {}),
  };
}

/** The type variables of a generic method stand for nothing that can be told. */
function variablesIn({ node, owner }: Method): ReadonlyMap<string, CodeType> {
  const own = typeParametersOf(node).map((name): [string, CodeType] => [
    name,
    { kind: 'unknown', text: name },
  ]);
  return own.length === 0 ? owner.variables : new Map([...owner.variables, ...own]);
}

function readParameter(
  parameter: Node,
  context: TypeContext,
  reader: TypeReader,
): CodeFunction['parameters'][number] {
  const type = parameter.childForFieldName('type');
  return {
    name: parameter.childForFieldName('name')?.text ?? '',
    type: type === null ? { kind: 'unknown', text: '' } : reader.readDeclared(parameter, type, context),
    optional: false,
    place: context.file.placeOf(parameter),
  };
}

/** `formal_parameter` and `spread_parameter` nodes. */
function parametersOf(method: Node): readonly Node[] {
  return children(method.childForFieldName('parameters') ?? method).filter(({ type }) =>
    /^(formal|spread)_parameter$/.test(type),
  );
}

function genericFault(method: Node): readonly CodeFault[] {
  const names = typeParametersOf(method);
  if (names.length === 0) return [];
  return [
    fault(`it is generic (<${names.join(', ')}>), and its types must be told; write the types themselves`),
  ];
}

function resultFault(result: Node | null, context: TypeContext, names: Names): readonly CodeFault[] {
  if (result === null || !/^(type_identifier|scoped_type_identifier|generic_type)$/.test(result.type))
    return [];
  const base = result.type === 'generic_type' ? (children(result)[0] ?? result) : result;
  const meaning = names.meaningOf(base, context);
  const reason = meaning.kind === 'library' ? kindsOfResult[meaning.path] : undefined;
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

function erasedParameters({ node, owner }: Method): readonly string[] {
  const variables = new Set([...owner.variables.keys(), ...typeParametersOf(node)]);
  return parametersOf(node).map((parameter) => {
    const spread = parameter.type === 'spread_parameter';
    const type = spread
      ? children(parameter).find(({ type }) => !/^(modifiers|variable_declarator)$/.test(type))
      : parameter.childForFieldName('type');
    if (type === null || type === undefined) return anything;
    const inner = type.type === 'array_type' ? (type.childForFieldName('element') ?? type) : type;
    const dimensions = dimensionsOf(type) + dimensionsOf(parameter) + (spread ? 1 : 0);
    const name = erasedName(inner);
    return variables.has(name) ? anything : `${name}${'[]'.repeat(dimensions)}`;
  });
}

/** The last word of a type without its arguments: `List` of `java.util.List<String>`. */
function erasedName(type: Node): string {
  return (
    type.text
      .replaceAll(/<.*>|@\w+\s/gs, '')
      .split('.')
      .at(-1)
      ?.trim() ?? ''
  );
}
