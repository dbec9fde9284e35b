import type { Diagnostic, Place } from '../../../core/index.ts';
import { hasPlainConstructor } from './class-fields.ts';
import { type Declaration, type JavaFile, kindOf, membersOf } from './declarations.ts';
import { children, modifiersOf, supertypesOf } from './nodes.ts';

/** The class whose methods are served, and what is wrong with it. Undefined where there is none. */
export interface ServedClass {
  readonly declaration: Declaration | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The class that is named as the file, else the first one. `name`: the file's, without `.java`. */
export function servedClass(file: JavaFile, name: string): ServedClass {
  const declaration = file.types.find((type) => type.name === name) ?? file.types[0];
  if (declaration === undefined) return { declaration, diagnostics: [noClass(file, name)] };
  const misnamed = file.types.filter((type) => isPublic(type) && type.name !== name);
  const diagnostics = [...misnamed.map((type) => misnamedClass(type, name)), ...faultsOf(declaration)];
  return { declaration, diagnostics };
}

function noClass(file: JavaFile, name: string): Diagnostic {
  const method = children(file.root).find(({ type }) => type === 'method_declaration');
  const place = file.placeOf(method?.childForFieldName('name') ?? file.root);
  const start: Place = method === undefined ? { file: file.file, line: 1, column: 1 } : place;
  const found = method === undefined ? 'has no class' : 'has methods outside of a class';
  return describe(
    file,
    'no-service-class',
    start,
    `${file.file} ${found}, and the methods of one are served`,
    {
      hint: `write public class ${name} { ... }${method === undefined ? '' : ' around them'}`,
    },
  );
}

function misnamedClass(type: Declaration, name: string): Diagnostic {
  const message = `${type.name} is public, and a public class has the name of its file, ${name}`;
  return fault(type, message, `call the file ${type.name}.java, or the class ${name}`);
}

function faultsOf(declaration: Declaration): readonly Diagnostic[] {
  const { node, name } = declaration;
  if (declaration.kind !== 'class') {
    const message = `${name} is ${kindOf(declaration)}, and a service is a class`;
    return [fault(declaration, message, `write public class ${name} { ... }`)];
  }
  if (hasOnlyStatic(declaration)) return [];
  if (modifiersOf(node).has('abstract')) {
    const message = `${name} is abstract, and a service is made of its class`;
    return [fault(declaration, message, `write public class ${name}`)];
  }
  if (hasPlainConstructor(declaration)) return [];
  const message = `${name} has no constructor without arguments that makes the service`;
  const hint = `add public ${name}() { ... }; parameters of the config are in args() of BaseService`;
  return [fault(declaration, message, hint)];
}

function fault({ file, nameNode }: Declaration, message: string, hint: string): Diagnostic {
  const place = file.placeOf(nameNode);
  return describe(file, 'service-class', place, `${place.file}:${place.line}: ${message}`, { hint });
}

/** Then no object is needed. What is inherited may need one. */
function hasOnlyStatic(declaration: Declaration): boolean {
  const { superclass, interfaces } = supertypesOf(declaration.node);
  if (superclass !== undefined || interfaces.length > 0) return false;
  return membersOf(declaration)
    .filter(({ type }) => type === 'method_declaration')
    .map(modifiersOf)
    .every((modifiers) => modifiers.has('static') || !modifiers.has('public'));
}

function isPublic({ node }: Declaration): boolean {
  return modifiersOf(node).has('public');
}

function describe(
  file: JavaFile,
  code: string,
  place: Place,
  message: string,
  rest: Pick<Diagnostic, 'hint'>,
): Diagnostic {
  const sourceLine = file.line(place.line);
  return {
    code,
    severity: 'error',
    message,
    place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
    ...rest,
  };
}
