import type { Node } from 'web-tree-sitter';
import type { CodeField } from '../../stack.ts';
import { type Declaration, membersOf } from './declarations.ts';
import type { Names } from './names.ts';
import { annotationsOf, children, dimensionsOf, modifiersOf, supertypesOf } from './nodes.ts';
import type { TypeContext, TypeReader } from './type-context.ts';

/**
 * The fields of a plain class that stands for a record: those that are public, and those with a getter and a setter, in order, inherited ones of
 * the author's first. None where it cannot be made or holds nothing; `unknown` where something else may add to it.
 *
 * @param below the classes over it, whose fields are being read.
 */
export function readClassFields(
  declaration: Declaration,
  context: TypeContext,
  reader: TypeReader,
  names: Names,
  below: readonly Declaration[] = [],
): readonly CodeField[] | 'unknown' {
  const { node, file } = declaration;
  if (annotationsOf(node).some((name) => !neutralAnnotations.has(name))) return 'unknown';
  const inherited = inheritedFields(declaration, context, reader, names, [...below, declaration]);
  if (inherited === 'unknown') return 'unknown';
  if (modifiersOf(node).has('abstract') || !hasPlainConstructor(declaration)) return [];
  const members = membersOf(declaration);
  const methods = members.filter(({ type }) => type === 'method_declaration');
  const own = members.flatMap((field): CodeField[] => {
    const type = field.childForFieldName('type');
    if (field.type !== 'field_declaration' || type === null) return [];
    const modifiers = modifiersOf(field);
    if (modifiers.has('static') || modifiers.has('transient')) return [];
    return field.childrenForFieldName('declarator').flatMap((declarator): CodeField[] => {
      const name = declarator.childForFieldName('name');
      if (name === null) return [];
      const isOpen = modifiers.has('public') && !modifiers.has('final');
      if (!isOpen && !hasAccessors(name.text, methods)) return [];
      const read = reader.readDeclared(field, type, context, dimensionsOf(declarator));
      return [{ name: name.text, type: read, hasDefault: false, place: file.placeOf(name) }];
    });
  });
  return [...inherited.filter(({ name }) => own.every((field) => field.name !== name)), ...own];
}

const neutralAnnotations = new Set(['Deprecated', 'SuppressWarnings']);

function inheritedFields(
  declaration: Declaration,
  context: TypeContext,
  reader: TypeReader,
  names: Names,
  below: readonly Declaration[],
): readonly CodeField[] | 'unknown' {
  const { superclass } = supertypesOf(declaration.node);
  if (superclass === undefined) return [];
  const meaning = names.meaningOf(superclass, context);
  if (meaning.kind === 'library' && meaning.path === 'java.lang.Object') return [];
  if (meaning.kind !== 'declared' || below.includes(meaning.declaration)) return 'unknown';
  const { declaration: base } = meaning;
  const variables = reader.variablesOf(superclass, base, context);
  if (modifiersOf(base.node).has('sealed')) return [];
  return readClassFields(base, { file: base.file, inside: base, variables }, reader, names, below);
}

/** Java gives a class without constructors a public one, where the class is public; any is within the reach of the shim. */
export function hasPlainConstructor(declaration: Declaration): boolean {
  const constructors = membersOf(declaration).filter(({ type }) => type === 'constructor_declaration');
  if (constructors.length === 0) return true;
  return constructors.some((one) => {
    const parameters = one.childForFieldName('parameters');
    return modifiersOf(one).has('public') && parameters !== null && children(parameters).length === 0;
  });
}

function hasAccessors(field: string, methods: readonly Node[]): boolean {
  const tail = field.charAt(0).toUpperCase() + field.slice(1);
  const has = (name: string, parameters: number) =>
    methods.some(
      (method) =>
        method.childForFieldName('name')?.text === name &&
        modifiersOf(method).has('public') &&
        children(method.childForFieldName('parameters') ?? method).length === parameters,
    );
  return (has(`get${tail}`, 0) || has(`is${tail}`, 0)) && has(`set${tail}`, 1);
}
