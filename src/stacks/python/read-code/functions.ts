import type { Node } from 'web-tree-sitter';
import type { CodeFault, CodeFunction, CodeType } from '../../stack.ts';
import { children, decoratorsOf, type PythonFile } from './python-file.ts';
import type { Scope } from './scope.ts';
import type { HintReader } from './shapes.ts';

/** How a function is reached: a method without a parameter for its object is called without one. */
export type Standing = 'function' | 'method' | 'class-method';

export interface FunctionContext {
  readonly source: PythonFile;
  readonly scope: Scope;
  readonly reader: HintReader;
  /** How many arguments the API declares for a name; undefined: it does not declare it. */
  readonly arity: (name: string) => number | undefined;
}

/** What one `def` says of itself. */
export function readFunction(definition: Node, standing: Standing, context: FunctionContext): CodeFunction {
  const { source, scope, reader } = context;
  const nameNode = definition.childForFieldName('name') ?? definition;
  const name = nameNode.text;
  const written = children(definition.childForFieldName('parameters') ?? definition).map((node) =>
    readParameter(node, reader, source),
  );
  const keywordsFrom = written.findIndex(({ kind }) => kind === 'rest' || kind === 'keywords-from');
  const isPositional = (index: number) => keywordsFrom === -1 || index < keywordsFrom;
  const named = written.filter(({ kind }) => kind === 'named');
  const positional = written.filter(({ kind }, index) => kind === 'named' && isPositional(index));
  const keywordOnly = named.filter((parameter) => !positional.includes(parameter));
  const parameters = withoutSelf(positional, standing, context.arity(name));
  const result = definition.childForFieldName('return_type');
  const items = result === null ? undefined : reader.readItems(result);
  const body = definition.childForFieldName('body');
  const isGenerator = body !== null && yields(body);
  const read: CodeType = items ?? (result === null ? { kind: 'unstated' } : reader.read(result));
  const isOther = isGenerator && items === undefined && read.kind !== 'unstated' && read.kind !== 'unknown';
  const place = source.placeOf(nameNode);
  const sourceLine = source.line(place.line);
  const faults = [...faultsOfKind(definition, isOther), ...faultsOfKeywords(keywordOnly)];
  return {
    name,
    parameters: parameters.map(({ name, type, optional, place }) => ({ name, type, optional, place })),
    ...(written.some(({ kind }) => kind === 'rest') ? { variadic: true } : {}),
    result: read,
    ...(isGenerator || items !== undefined ? { source: true } : {}),
    vectorised: decoratorsOf(definition).some(
      (decorator) => scope.qualify(decorator) === 'nstack.vectorised',
    ),
    place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
    ...(faults.length > 0 ? { faults } : {}),
  };
}

interface Parameter {
  /** `rest` is `*args`, `keywords-from` a lone `*`. */
  readonly kind: 'named' | 'rest' | 'keywords-from' | 'neither';
  readonly name: string;
  readonly type: CodeType;
  readonly optional: boolean;
  readonly place: ReturnType<PythonFile['placeOf']>;
}

function readParameter(node: Node, reader: HintReader, source: PythonFile): Parameter {
  const hint = node.childForFieldName('type');
  const target =
    node.childForFieldName('name') ?? (node.type === 'typed_parameter' ? children(node)[0] : node) ?? node;
  const kinds: Readonly<Record<string, Parameter['kind']>> = {
    identifier: 'named',
    list_splat_pattern: 'rest',
    keyword_separator: 'keywords-from',
  };
  return {
    kind: kinds[target.type] ?? 'neither',
    name: target.text,
    type: hint === null ? { kind: 'unstated' } : reader.read(hint),
    optional: node.childForFieldName('value') !== null,
    place: source.placeOf(node),
  };
}

/** A method's first parameter is its object where it is called so, or where it is one more than the API declares. */
function withoutSelf(
  parameters: readonly Parameter[],
  standing: Standing,
  arity: number | undefined,
): readonly Parameter[] {
  const [first] = parameters;
  if (standing === 'function' || first === undefined) return parameters;
  if (standing === 'class-method' || first.name === 'self' || first.name === 'cls')
    return parameters.slice(1);
  return arity === undefined || parameters.length === arity ? parameters : parameters.slice(1);
}

/** @param isOther it yields, and its hint says another type. */
function faultsOfKind(definition: Node, isOther: boolean): readonly CodeFault[] {
  const code = 'function-kind';
  const isAsync = definition.children.some(({ type }) => type === 'async');
  if (!isAsync && !isOther) return [];
  const reason = isAsync
    ? 'it is an async function, which is not supported yet; write a plain def'
    : 'it is a generator, whose hint is Iterator[...]';
  return [{ code, severity: 'error', text: `cannot be served: ${reason}` }];
}

/** Whether the body itself yields, functions and classes inside it left out. */
function yields(body: Node): boolean {
  const waiting = [body];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.type === 'yield') return true;
    if (!/^(function_definition|class_definition|lambda)$/.test(node.type))
      waiting.push(...node.namedChildren);
  }
  return false;
}

function faultsOfKeywords(keywordOnly: readonly Parameter[]): readonly CodeFault[] {
  const required = keywordOnly.filter(({ optional }) => !optional);
  const [first] = required;
  if (first === undefined) return [];
  const names = required.map(({ name }) => name).join(', ');
  return [
    {
      code: 'keyword-only',
      severity: 'error',
      text: `cannot be served: it needs ${names} by keyword, and arguments are passed by position`,
      hint: 'move it before the *, or give it a default',
      place: first.place,
    },
  ];
}
