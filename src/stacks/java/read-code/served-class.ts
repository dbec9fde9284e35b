import type { Diagnostic, Place } from '../../../core/index.ts';
import { hasPlainConstructor } from './class-fields.ts';
import { type Declaration, type JavaFile, kindOf, membersOf } from './declarations.ts';
import { children, modifiersOf, supertypesOf } from './nodes.ts';

/** The class whose methods are served, and what is wrong with it. Undefined where there is none. */
export interface ServedClass {
  readonly declaration: Declaration | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The public class that is named as the file, else its first type. `name`: the file's, without `.java`. */
export function servedClass(file: JavaFile, name: string): ServedClass {
  const declaration =
    file.types.find((type) => type.name === name) ?? file.types.find(isPublic) ?? file.types[0];
  if (declaration === undefined) return { declaration, diagnostics: [noClass(file, name)] };
  return { declaration, diagnostics: faultsOf(declaration, name) };
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

function faultsOf(declaration: Declaration, name: string): readonly Diagnostic[] {
  const { file, node, nameNode, kind } = declaration;
  const place = file.placeOf(nameNode);
  const at = `${place.file}:${place.line}`;
  const fault = (message: string, hint: string) =>
    describe(file, 'service-class', place, `${at}: ${message}`, { hint });
  if (kind !== 'class') {
    const message = `${declaration.name} is ${kindOf(declaration)}, and a service is a class`;
    return [fault(message, `write public class ${declaration.name} { ... }`)];
  }
  const modifiers = modifiersOf(node);
  const faults: Diagnostic[] = [];
  if (declaration.name !== name && isPublic(declaration)) {
    const message = `${declaration.name} is public, and a public class has the name of its file, ${name}`;
    faults.push(
      fault(message, `call the file ${declaration.name}.java and say so with "entry", or the class ${name}`),
    );
  }
  if (hasOnlyStatic(declaration)) return faults;
  if (modifiers.has('abstract')) {
    const message = `${declaration.name} is abstract, and a service is made of its class`;
    faults.push(fault(message, `write public class ${declaration.name}`));
  } else if (!hasPlainConstructor(declaration)) {
    const message = `${declaration.name} has no constructor without arguments that makes the service`;
    faults.push(
      fault(
        message,
        `add public ${declaration.name}() { ... }; parameters of the config are in args() of BaseService`,
      ),
    );
  }
  return faults;
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
