import type { Node } from 'web-tree-sitter';

/** One import or declaration. */
export interface OuterItem {
  readonly node: Node;
  /** It stands between `#if` and `#endif`, so that another may be there instead. */
  readonly conditional: boolean;
}

/** Named children but comments and pragmas, which may stand anywhere. */
export function children(node: Node): readonly Node[] {
  return node.namedChildren.filter(
    ({ type }) => type !== 'comment' && type !== 'haddock' && type !== 'pragma',
  );
}

/** What was written, on one line, without comments and marks of strictness, cut where it is long. */
export function textOf(node: Node): string {
  const text = node.text
    .replaceAll(/\{-[\s\S]*?-\}|--+(?=\s)[^\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^[!~]\s*/, '');
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
