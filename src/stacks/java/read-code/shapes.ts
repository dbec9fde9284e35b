import type { Place } from '../../../core/index.ts';
import type { CodeCase, CodeField, CodeType } from '../../stack.ts';
import { readClassFields } from './class-fields.ts';
import type { Declaration } from './declarations.ts';
import type { Names } from './names.ts';
import { children, modifiersOf, parametersOf, supertypesOf, typeParametersOf, typesIn } from './nodes.ts';
import type { TypeContext, TypeReader } from './type-context.ts';

/** What the author's own classes are as types. */
export interface Shapes {
  /** @param text as the type is written where it is used. */
  typeOf(declaration: Declaration, variables: TypeContext['variables'], text: string): CodeType;
}

const selfReference = 'it refers to itself, and types are finite';
const notARecord =
  'a class is a record where it is a record, or has public fields or getters and setters and a constructor without arguments';

export function createShapes(names: Names, reader: TypeReader): Shapes {
  const known = new Map<number, CodeType>();
  /** What is being read: a declaration that comes again holds itself. */
  const open = new Set<number>();
  return { typeOf };

  function typeOf(declaration: Declaration, variables: TypeContext['variables'], text: string): CodeType {
    const { id } = declaration.node;
    const found = variables.size === 0 ? known.get(id) : undefined;
    if (found !== undefined) return withText(found, text);
    if (declaration.file.root.hasError) return { kind: 'unknown', text };
    if (open.has(id)) return { kind: 'unsupported', text, reason: selfReference };
    open.add(id);
    const type = read(declaration, { file: declaration.file, inside: declaration, variables }, text);
    open.delete(id);
    if (variables.size === 0) known.set(id, type);
    return type;
  }

  function read(declaration: Declaration, context: TypeContext, text: string): CodeType {
    switch (declaration.kind) {
      case 'record':
        return { kind: 'record', fields: componentsOf(declaration, context), text };
      case 'interface':
        return readInterface(declaration, text);
      case 'class':
        return modifiersOf(declaration.node).has('sealed')
          ? readCases(declaration, text)
          : readClass(declaration, context, text);
      case 'enum':
        return unsupported(
          text,
          'an enum has no JSON of its own; use String, or a sealed interface with a record for each case',
        );
      case 'annotation':
        return unsupported(text, 'it is no data');
      default:
        return declaration.kind satisfies never;
    }
  }

  function componentsOf({ node, file }: Declaration, context: TypeContext): readonly CodeField[] {
    return parametersOf(node).map(({ node: component, name, type, dimensions }) => ({
      name: name.text,
      type: reader.readDeclared(component, type, context, dimensions),
      hasDefault: false,
      place: file.placeOf(name),
    }));
  }

  function readClass(declaration: Declaration, context: TypeContext, text: string): CodeType {
    if (isInner(declaration)) return unsupported(text, 'an inner class is no record; make it static');
    const fields = readClassFields(declaration, context, reader);
    if (fields === 'unknown') return { kind: 'unknown', text };
    return fields === undefined ? unsupported(text, notARecord) : { kind: 'record', fields, text };
  }

  function readInterface(declaration: Declaration, text: string): CodeType {
    if (modifiersOf(declaration.node).has('sealed')) return readCases(declaration, text);
    return unsupported(text, 'an interface is a sum where it is sealed and its cases are records');
  }

  function readCases(declaration: Declaration, text: string): CodeType {
    const cases: CodeCase[] = [];
    for (const permitted of permittedBy(declaration)) {
      if (permitted === undefined) return { kind: 'unknown', text };
      const inner = caseOf(permitted);
      if (inner === 'unknown') return { kind: 'unknown', text };
      if (inner === undefined) {
        const reason = `${permitted.name} is no case of a sum: each is a record that is named after its case`;
        return unsupported(text, reason);
      }
      cases.push(...inner);
    }
    return cases.length > 0
      ? { kind: 'sum', cases, text }
      : unsupported(text, 'it permits no record, and a sum has cases');
  }

  /** The cases that a permitted type brings: itself, or those of another sealed type. */
  function caseOf(declaration: Declaration): readonly CodeCase[] | 'unknown' | undefined {
    const { name, nameNode, file } = declaration;
    if (typeParametersOf(declaration.node).length > 0) return 'unknown';
    const type = typeOf(declaration, new Map(), name);
    if (type.kind === 'sum') return type.cases;
    if (type.kind === 'unknown') return 'unknown';
    const place = file.placeOf(nameNode);
    if (type.kind !== 'record') return undefined;
    if (type.fields.length > 0) return [recordCase(name, type, place)];
    return [{ name, place, type: { kind: 'known', type: { kind: 'unit' }, text: name } }];
  }

  /** Undefined for one that is not read here. Without `permits` they are those of the same file. */
  function permittedBy(declaration: Declaration): readonly (Declaration | undefined)[] {
    const clause = children(declaration.node).find(({ type }) => type === 'permits');
    const inside = { file: declaration.file, inside: declaration };
    if (clause !== undefined) {
      return typesIn(clause).map((written) => {
        const meaning = names.meaningOf(written, inside);
        return meaning.kind === 'declared' ? meaning.declaration : undefined;
      });
    }
    return everyTypeIn(declaration.file.types).filter((type) => {
      const { superclass, interfaces } = supertypesOf(type.node);
      return (superclass === undefined ? interfaces : [superclass, ...interfaces]).some((written) => {
        const meaning = names.meaningOf(written, { file: type.file, inside: type.outer ?? type });
        return meaning.kind === 'declared' && meaning.declaration === declaration;
      });
    });
  }
}

function recordCase(name: string, type: Extract<CodeType, { kind: 'record' }>, place: Place): CodeCase {
  const [only, ...more] = type.fields;
  const payload = only?.name === 'value' && more.length === 0 ? { payload: only.type } : {};
  return { name, place, type, ...payload };
}

/** A class in a class that is not static; those in an interface always are. */
function isInner({ node, outer }: Declaration): boolean {
  return outer !== undefined && /^(class|record|enum)$/.test(outer.kind) && !modifiersOf(node).has('static');
}

function everyTypeIn(types: readonly Declaration[]): readonly Declaration[] {
  return types.flatMap((type) => [type, ...everyTypeIn(type.nested)]);
}

function withText(type: CodeType, text: string): CodeType {
  return type.kind === 'unstated' ? type : { ...type, text };
}

function unsupported(text: string, reason: string): CodeType {
  return { kind: 'unsupported', text, reason };
}
