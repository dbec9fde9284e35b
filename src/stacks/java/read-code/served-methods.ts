import type { CodeApi, CodeFault, CodeFunction, CodeName } from '../../stack.ts';
import { type Declaration, kindOf, membersOf } from './declarations.ts';
import { type Ancestor, lineageOf } from './lineage.ts';
import { erasedParameters, isOverride, type Method, readMethod } from './methods.ts';
import type { Names } from './names.ts';
import { modifiersOf, parametersOf } from './nodes.ts';
import type { TypeReader } from './type-context.ts';

/**
 * The functions that a service class serves: its public methods and those that it inherits from the author's other classes. Among several of one name
 * it is the one with as many parameters as are declared.
 *
 * @param arity how many arguments the API declares for a name; undefined: it does not declare it.
 */
export function readServedMethods(
  declaration: Declaration,
  names: Names,
  reader: TypeReader,
  arity: (name: string) => number | undefined,
): CodeApi {
  const { ancestors, complete } = lineageOf(declaration, names, reader);
  const byName = new Map<string, readonly Method[]>();
  for (const method of ancestors.flatMap(methodsIn).filter(isServed)) {
    const others = (byName.get(method.name) ?? []).filter((inherited) => !isOverride(method, inherited));
    byName.set(method.name, [...others, method]);
  }
  const functions = [...byName].flatMap(([name, methods]): CodeFunction[] => {
    const fitting = methods.filter(({ node }) => parametersOf(node).length === arity(name));
    const [first, ...more] = fitting.length === 0 ? methods : fitting;
    if (first === undefined) return [];
    const read = readMethod(first, names, reader);
    return [more.length === 0 ? read : { ...read, faults: [overloaded([first, ...more])] }];
  });
  const served = `class ${declaration.name}`;
  const place = declaration.file.placeOf(declaration.nameNode);
  return {
    functions,
    notes: [],
    others: namesOfNoFunction(declaration, ancestors, new Set(byName.keys())),
    servedBy: { text: served, place },
    ...(complete ? {} : { mayHaveMore: true }),
  };
}

function methodsIn(owner: Ancestor): readonly Method[] {
  return membersOf(owner.declaration).flatMap((node) => {
    const nameNode = node.type === 'method_declaration' ? node.childForFieldName('name') : null;
    return nameNode === null ? [] : [{ name: nameNode.text, node, nameNode, owner }];
  });
}

/** Hooks and what every object has are not called by workflows. */
function isServed(method: Method): boolean {
  const { name, node, owner } = method;
  const modifiers = modifiersOf(node);
  if (reserved.has(name) || isOfEveryObject(method)) return false;
  if (owner.declaration.kind === 'interface') return modifiers.has('default');
  return modifiers.has('public');
}

/** Names that no function of an API may have. */
const reserved = new Set(['initialize', 'startup', 'shutdown', 'next', 'ack']);

function isOfEveryObject(method: Method): boolean {
  return /^(toString\(\)|hashCode\(\)|equals\(Object\))$/.test(
    `${method.name}(${erasedParameters(method).join(', ')})`,
  );
}

function overloaded(methods: readonly Method[]): CodeFault {
  const [first, ...more] = methods.map(({ nameNode, owner }) => owner.declaration.file.placeOf(nameNode));
  const places = more.map(({ file, line }) => (file === first?.file ? `line ${line}` : `${file}:${line}`));
  return {
    code: 'function-kind',
    severity: 'error',
    text: `cannot be served: it is overloaded (again in ${places.join(', ')}), and a name stands for one function`,
    hint: 'give each a name of its own',
  };
}

/** What else has a name in the file, so that a missing function can be explained. */
function namesOfNoFunction(
  declaration: Declaration,
  ancestors: readonly Ancestor[],
  served: ReadonlySet<string>,
): readonly CodeName[] {
  const names = [
    ...ancestors.flatMap(methodsIn).map(hidden),
    ...ancestors.flatMap(({ declaration: { nested } }) => nested.map(typeName)),
    ...ancestors.flatMap(fieldsIn),
    ...methodsElsewhere(declaration, ancestors),
  ];
  const first = new Map<string, CodeName>();
  for (const name of names) if (!served.has(name.name) && !first.has(name.name)) first.set(name.name, name);
  return [...first.values()];
}

function hidden(method: Method): CodeName {
  const { name, nameNode, owner } = method;
  const place = owner.declaration.file.placeOf(nameNode);
  if (isOfEveryObject(method)) {
    const text = 'what every object has, and that is not served';
    return { name, what: 'outside', text, place, hint: 'name it otherwise, in the api too' };
  }
  const text = 'not public, and only public methods are served';
  return { name, what: 'outside', text, place, hint: 'write public before it' };
}

function typeName(declaration: Declaration): CodeName {
  const { name, nameNode, file } = declaration;
  return { name, what: 'class', text: kindOf(declaration), place: file.placeOf(nameNode) };
}

function fieldsIn({ declaration }: Ancestor): readonly CodeName[] {
  return membersOf(declaration)
    .filter(({ type }) => type === 'field_declaration')
    .flatMap((field) => field.childrenForFieldName('declarator'))
    .flatMap((declarator): CodeName[] => {
      const name = declarator.childForFieldName('name');
      if (name === null) return [];
      return [{ name: name.text, what: 'value', text: 'a field', place: declaration.file.placeOf(name) }];
    });
}

/** Methods of the file's other classes. */
function methodsElsewhere(declaration: Declaration, ancestors: readonly Ancestor[]): readonly CodeName[] {
  const inside = new Set(ancestors.map((ancestor) => ancestor.declaration));
  const all = (types: readonly Declaration[]): readonly Declaration[] =>
    types.flatMap((type) => [type, ...all(type.nested)]);
  return all(declaration.file.types)
    .filter((type) => !inside.has(type))
    .flatMap((type) => methodsIn({ declaration: type, variables: new Map() }))
    .map(({ name, nameNode, owner }) => ({
      name,
      what: 'outside' as const,
      text: `outside class ${declaration.name}, whose methods are served`,
      place: owner.declaration.file.placeOf(nameNode),
    }));
}
