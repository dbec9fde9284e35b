import type { Node } from 'web-tree-sitter';
import type { CodeType } from '../../stack.ts';
import type { Declaration } from './declarations.ts';
import {
  listTypes,
  mapTypes,
  namedTypes,
  optionalTypes,
  primitiveTypes,
  reasonsOutside,
} from './known-names.ts';
import type { Meaning, Names } from './names.ts';
import { annotationsOf, children, dimensionsOf, textOf, typeParametersOf } from './nodes.ts';
import { createShapes } from './shapes.ts';
import type { TypeContext, TypeReader } from './type-context.ts';

const deepest = 100;

/** Understands what the author's files tell; what comes from elsewhere is `unknown`. */
export function createTypeReader(names: Names): TypeReader {
  let depth = 0;
  const reader: TypeReader = { read, readDeclared, variablesOf };
  const shapes = createShapes(names, reader);
  return reader;

  function read(type: Node, context: TypeContext): CodeType {
    const text = textOf(type);
    if (depth >= deepest) return { kind: 'unknown', text };
    depth += 1;
    const found = readWritten(type, text, context);
    depth -= 1;
    return found;
  }

  function readDeclared(
    declaration: Node,
    type: Node,
    context: TypeContext,
    dimensions = dimensionsOf(declaration),
  ): CodeType {
    const found = dimensions === 0 ? read(type, context) : readArray(type, dimensions, textOf(type), context);
    const isPrimitive = dimensions === 0 && primitiveTypes[type.text] !== undefined;
    return annotationsOf(declaration).includes('Nullable') && !isPrimitive ? optional(found) : found;
  }

  function readWritten(type: Node, text: string, context: TypeContext): CodeType {
    switch (type.type) {
      case 'integral_type':
      case 'floating_point_type':
      case 'boolean_type':
      case 'void_type': {
        const known = primitiveTypes[text];
        return known === undefined ? { kind: 'unknown', text } : { ...known, text };
      }
      case 'array_type': {
        const element = type.childForFieldName('element');
        return element === null
          ? { kind: 'unknown', text }
          : readArray(element, dimensionsOf(type), '', context);
      }
      case 'annotated_type': {
        const inner = children(type).find((part) => !part.type.endsWith('annotation'));
        return inner === undefined ? { kind: 'unknown', text } : read(inner, context);
      }
      case 'type_identifier':
      case 'scoped_type_identifier':
      case 'generic_type':
        return readName(type, text, context);
      case 'wildcard':
        return unsupported(text, 'a wildcard is no one type; write the type itself');
      default:
        return { kind: 'unknown', text };
    }
  }

  function readArray(element: Node, dimensions: number, written: string, context: TypeContext): CodeType {
    const brackets = (count: number) => `${written === '' ? textOf(element) : written}${'[]'.repeat(count)}`;
    const isBytes = element.text === 'byte';
    let found: CodeType =
      isBytes && dimensions > 0
        ? { kind: 'known', type: { kind: 'bytes' }, text: brackets(1) }
        : read(element, context);
    for (let count = isBytes ? 2 : 1; count <= dimensions; count += 1) {
      found = { kind: 'list', item: found, text: brackets(count) };
    }
    return found;
  }

  function readName(type: Node, text: string, context: TypeContext): CodeType {
    const base = type.type === 'generic_type' ? (children(type)[0] ?? type) : type;
    const variable = base.type === 'type_identifier' ? context.variables.get(base.text) : undefined;
    if (variable !== undefined) return variable;
    const meaning = names.meaningOf(base, context);
    switch (meaning.kind) {
      case 'declared':
        return shapes.typeOf(meaning.declaration, variablesOf(type, meaning.declaration, context), text);
      case 'library':
        return readLibrary(meaning.path, argumentsOf(type), text, context);
      case 'unseen':
        return { kind: 'unknown', text };
      case 'missing':
        return unsupported(text, reasonMissing(meaning));
      default:
        return meaning satisfies never;
    }
  }

  function readLibrary(path: string, args: readonly Node[], text: string, context: TypeContext): CodeType {
    const [first, second] = args;
    const known = namedTypes[path];
    if (known !== undefined) return { ...known, text };
    const item = optionalTypes[path];
    if (item !== undefined) return { kind: 'optional', item, text };
    if (listTypes.has(path)) {
      if (first === undefined) return raw(text, `${text}<...>`);
      return { kind: 'list', item: read(first, context), text };
    }
    if (mapTypes.has(path)) {
      if (first === undefined || second === undefined) return raw(text, `${text}<String, ...>`);
      return readMap(first, second, text, context);
    }
    if (path === 'java.util.Optional') {
      return first === undefined ? raw(text, `${text}<...>`) : readOptional(read(first, context), text);
    }
    const reason = reasonsOutside[path];
    if (reason !== undefined) return unsupported(text, reason);
    return path.startsWith('java.')
      ? unsupported(text, 'it is outside the type language')
      : { kind: 'unknown', text };
  }

  function readMap(key: Node, value: Node, text: string, context: TypeContext): CodeType {
    const keyType = read(key, context);
    if (keyType.kind === 'unknown') return { kind: 'unknown', text };
    if (keyType.kind !== 'known' || keyType.type.kind !== 'text') {
      return unsupported(text, `the keys of a Map are Text (String), not ${textOf(key)}`);
    }
    return { kind: 'map', item: read(value, context), text };
  }

  function variablesOf(
    type: Node,
    declaration: Declaration,
    context: TypeContext,
  ): ReadonlyMap<string, CodeType> {
    const parameters = typeParametersOf(declaration.node);
    const args = argumentsOf(type);
    return new Map(
      parameters.map((name, index) => {
        const argument = args[index];
        const found =
          argument === undefined
            ? unsupported(name, `the type arguments of ${declaration.name} are missing`)
            : read(argument, context);
        return [name, found];
      }),
    );
  }
}

/** The types in the angle brackets of `List<A>`; none where it has none. */
function argumentsOf(type: Node): readonly Node[] {
  const list = children(type).find((part) => part.type === 'type_arguments');
  return list === undefined ? [] : children(list);
}

function readOptional(item: CodeType, text: string): CodeType {
  const isAny = item.kind === 'open' && item.shape === 'any';
  if (item.kind === 'optional' || isAny) return unsupported(text, 'what is optional must not itself be null');
  return optional(item, text);
}

/** `text`: of the optional as it is written; a type that is marked as one has the text of the type itself. */
function optional(item: CodeType, text = item.kind === 'unstated' ? '' : item.text): CodeType {
  const asItIs = item.kind === 'optional' || item.kind === 'unknown' || item.kind === 'unsupported';
  if (asItIs || (item.kind === 'open' && item.shape === 'any')) return item;
  return { kind: 'optional', item, text };
}

function reasonMissing({ needs }: Extract<Meaning, { kind: 'missing' }>): string {
  return needs === undefined
    ? 'the code neither defines nor imports that name'
    : `it is not imported; write import ${needs};`;
}

function raw(text: string, better: string): CodeType {
  return unsupported(text, `its type arguments are missing; write ${better}`);
}

function unsupported(text: string, reason: string): CodeType {
  return { kind: 'unsupported', text, reason };
}
