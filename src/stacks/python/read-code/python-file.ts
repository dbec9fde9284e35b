import type { Node, Parser, Tree } from 'web-tree-sitter';
import type { Place } from '../../../core/index.ts';

/** One parsed Python file. Its nodes live until `close`. */
export interface PythonFile {
  /** Path as the user would type it. */
  readonly file: string;
  readonly root: Node;
  /** Text of a line, counted from 1. */
  line(number: number): string | undefined;
  placeOf(node: Node): Place;
  /** Parses a piece of the file that stands in a string, such as a quoted hint; undefined where it is no expression. */
  parseExpression(text: string): Node | undefined;
  close(): void;
}

export function parsePython(parser: Parser, file: string, text: string): PythonFile {
  const lines = text.split(/\r\n|\r|\n/);
  const trees: Tree[] = [];
  const parse = (piece: string): Node => {
    const tree = parser.parse(piece);
    if (tree === null) throw new Error('the Python parser was stopped');
    trees.push(tree);
    return tree.rootNode;
  };
  return {
    file,
    root: parse(text),
    line: (number) => lines[number - 1],
    placeOf: (node) => ({
      file,
      line: node.startPosition.row + 1,
      column: node.startPosition.column + 1,
      length:
        node.endPosition.row === node.startPosition.row
          ? Math.max(1, node.endPosition.column - node.startPosition.column)
          : 1,
    }),
    parseExpression(piece) {
      const root = parse(piece.trim());
      const [statement] = children(root);
      if (root.hasError || root.namedChildCount !== 1 || statement?.type !== 'expression_statement')
        return undefined;
      return statement.namedChildCount === 1 ? children(statement)[0] : undefined;
    },
    close() {
      for (const tree of trees) tree.delete();
    },
  };
}

/** Named children but comments, which may stand anywhere. */
export function children(node: Node): readonly Node[] {
  return node.namedChildren.filter((child) => child.type !== 'comment');
}

/** The parts of `a.b.c`; undefined for anything else. */
export function dottedPath(node: Node): readonly string[] | undefined {
  if (node.type === 'identifier') return [node.text];
  if (node.type === 'dotted_name') return node.text.split('.').map((part) => part.trim());
  if (node.type !== 'attribute') return undefined;
  const object = node.childForFieldName('object');
  const attribute = node.childForFieldName('attribute');
  const path = object === null ? undefined : dottedPath(object);
  return path === undefined || attribute === null ? undefined : [...path, attribute.text];
}

/** The value of a plain string literal; undefined for f-strings, bytes and strings with escapes. */
export function plainString(node: Node): string | undefined {
  if (node.type !== 'string') return undefined;
  const [start, ...rest] = children(node);
  if (start?.type !== 'string_start' || /[fbt]/i.test(start.text)) return undefined;
  const content = rest.slice(0, -1);
  if (content.some((part) => part.type !== 'string_content' || part.namedChildCount > 0)) return undefined;
  return content.map((part) => part.text).join('');
}

/** What stands before a definition: its decorators' expressions. */
export function decoratorsOf(definition: Node): readonly Node[] {
  const { parent } = definition;
  if (parent?.type !== 'decorated_definition') return [];
  return children(parent)
    .filter((child) => child.type === 'decorator')
    .flatMap((decorator) => children(decorator).slice(0, 1));
}
