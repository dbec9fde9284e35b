import type { Node } from 'web-tree-sitter';

/** Named children but comments, which may stand anywhere. */
export function children(node: Node): readonly Node[] {
  return node.namedChildren.filter(({ type }) => !type.endsWith('_comment'));
}

/** A name without white space, comments, annotations and type arguments in it: `java.util.List`. */
export function dotted(name: Node): string {
  if (name.namedChildCount === 0) return name.text;
  return children(name)
    .filter(({ type }) => !type.endsWith('annotation') && type !== 'type_arguments')
    .map(dotted)
    .join('.');
}

/** A type on one line, cut where it is long. */
export function textOf(node: Node): string {
  const text = node.text.replaceAll(/\s+/g, ' ');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** The words before a declaration or a parameter: `public`, `static`, `sealed`. */
export function modifiersOf(node: Node): ReadonlySet<string> {
  const modifiers = node.children.find(({ type }) => type === 'modifiers');
  return new Set(modifiers?.children.filter(({ isNamed }) => !isNamed).map(({ type }) => type));
}

/** Simple names of the annotations before a declaration, a parameter or a type. */
export function annotationsOf(node: Node): readonly string[] {
  const modifiers = node.children.find(({ type }) => type === 'modifiers');
  return (modifiers ?? node).namedChildren
    .filter(({ type }) => type.endsWith('annotation'))
    .map((annotation) => annotation.childForFieldName('name')?.text.split('.').at(-1) ?? '');
}

/** The types behind `extends` and behind `implements`; an interface extends interfaces. */
export function supertypesOf(node: Node): {
  readonly superclass: Node | undefined;
  readonly interfaces: readonly Node[];
} {
  const superclass = node.childForFieldName('superclass');
  const lists = children(node).filter(({ type }) => /^(super_interfaces|extends_interfaces)$/.test(type));
  return {
    superclass: superclass === null ? undefined : children(superclass)[0],
    interfaces: lists.flatMap(typesIn),
  };
}

/** The types of `implements A, B` or `permits A, B`. */
export function typesIn(clause: Node): readonly Node[] {
  return children(clause).flatMap((node) => (node.type === 'type_list' ? children(node) : [node]));
}

/** The names of `<A, B extends C>`. */
export function typeParametersOf(node: Node): readonly string[] {
  const list = children(node).find(({ type }) => type === 'type_parameters');
  if (list === undefined) return [];
  return children(list).map(
    (parameter) => parameter.namedChildren.find(({ type }) => /identifier$/.test(type))?.text ?? '',
  );
}

/** The dimensions behind a type or a name: 2 for `[][]`. */
export function dimensionsOf(node: Node): number {
  const dimensions = node.childForFieldName('dimensions');
  return dimensions === null ? 0 : dimensions.children.filter(({ type }) => type === '[').length;
}

/** A parameter of a method or a component of a record. */
export interface WrittenParameter {
  readonly node: Node;
  readonly name: Node;
  readonly type: Node;
  /** Behind the type or the name; one more where it takes any number of values (`int... x`), which is an array. */
  readonly dimensions: number;
}

/** The parameters of a method, a constructor or a record, but `this`. */
export function parametersOf(declaration: Node): readonly WrittenParameter[] {
  const list = declaration.childForFieldName('parameters');
  return (list === null ? [] : children(list)).flatMap((node): readonly WrittenParameter[] => {
    const isSpread = node.type === 'spread_parameter';
    const parts = children(node);
    const declarator = parts.find(({ type }) => type === 'variable_declarator');
    const type = isSpread
      ? parts.find((part) => part.type !== 'modifiers' && part !== declarator)
      : node.childForFieldName('type');
    const name = (isSpread ? declarator : node)?.childForFieldName('name');
    if (type === null || type === undefined || name === null || name === undefined) return [];
    return [{ node, name, type, dimensions: dimensionsOf(node) + (isSpread ? 1 : 0) }];
  });
}
