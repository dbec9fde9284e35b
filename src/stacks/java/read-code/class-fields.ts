import type { Node } from 'web-tree-sitter';
import type { CodeField } from '../../stack.ts';
import { type Declaration, membersOf } from './declarations.ts';
import { annotationsOf, dimensionsOf, modifiersOf, parametersOf, supertypesOf } from './nodes.ts';
import type { TypeContext, TypeReader } from './type-context.ts';

const neutralAnnotations = new Set(['Deprecated', 'SuppressWarnings', 'NullMarked']);

/**
 * The fields of a plain class that may stand for a record, in order: one that extends nothing, can be made without arguments, and shows each field,
 * by itself or by a getter and a setter. Undefined where it is another class; `unknown` where an annotation may add to it.
 */
export function readClassFields(
  declaration: Declaration,
  context: TypeContext,
  reader: TypeReader,
): readonly CodeField[] | 'unknown' | undefined {
  const { node, file } = declaration;
  if (annotationsOf(node).some((name) => !neutralAnnotations.has(name))) return 'unknown';
  if (modifiersOf(node).has('abstract') || !hasPlainConstructor(declaration)) return undefined;
  if (supertypesOf(node).superclass !== undefined) return undefined;
  const members = membersOf(declaration);
  const methods = members.filter(({ type }) => type === 'method_declaration');
  const fields: CodeField[] = [];
  for (const field of members) {
    const type = field.childForFieldName('type');
    const modifiers = modifiersOf(field);
    if (field.type !== 'field_declaration' || type === null) continue;
    if (modifiers.has('static') || modifiers.has('transient')) continue;
    const isOpen = modifiers.has('public') && !modifiers.has('final');
    for (const declarator of field.childrenForFieldName('declarator')) {
      const name = declarator.childForFieldName('name');
      if (name === null) continue;
      const getter = isOpen ? undefined : getterOf(name.text, type, methods);
      if (!isOpen && (getter === undefined || !hasSetter(name.text, type, methods))) return undefined;
      const marked = getter !== undefined && annotationsOf(getter).includes('Nullable') ? getter : field;
      const read = reader.readDeclared(marked, type, context, dimensionsOf(declarator));
      fields.push({ name: name.text, type: read, hasDefault: false, place: file.placeOf(name) });
    }
  }
  return fields;
}

/** Whether a class can be made without arguments: Java gives one without constructors such a constructor. */
export function hasPlainConstructor(declaration: Declaration): boolean {
  const constructors = membersOf(declaration).filter(({ type }) => type === 'constructor_declaration');
  if (constructors.length === 0) return true;
  return constructors.some((one) => !modifiersOf(one).has('private') && parametersOf(one).length === 0);
}

function getterOf(field: string, type: Node, methods: readonly Node[]): Node | undefined {
  const prefixes = /^(boolean|Boolean)$/.test(type.text) ? ['get', 'is'] : ['get'];
  return methods.find(
    (method) =>
      prefixes.some((prefix) => method.childForFieldName('name')?.text === prefix + capital(field)) &&
      isOfObject(method) &&
      parametersOf(method).length === 0 &&
      method.childForFieldName('type')?.text === type.text,
  );
}

function hasSetter(field: string, type: Node, methods: readonly Node[]): boolean {
  return methods.some((method) => {
    const [only, ...more] = parametersOf(method);
    if (method.childForFieldName('name')?.text !== `set${capital(field)}` || !isOfObject(method))
      return false;
    return only?.type.text === type.text && more.length === 0;
  });
}

function isOfObject(method: Node): boolean {
  const modifiers = modifiersOf(method);
  return modifiers.has('public') && !modifiers.has('static');
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
