import type { Node, Parser, Tree } from 'web-tree-sitter';
import type { Place } from '../../core/index.ts';

/** One parsed file of code. Its nodes live until `close`. */
export interface SourceFile {
  /** Path as the user would type it. */
  readonly file: string;
  readonly root: Node;
  /** Text of a line, counted from 1. */
  line(number: number): string | undefined;
  placeOf(node: Node): Place;
  /** Parses another piece of text, such as a hint that stands in a string; its nodes live as long as the file's. */
  parse(text: string): Node;
  close(): void;
}

/** Parses a file's text with a parser of its language. */
export function parseSource(parser: Parser, file: string, text: string): SourceFile {
  const lines = text.split(/\r\n|\r|\n/);
  const trees: Tree[] = [];
  const parse = (piece: string): Node => {
    const tree = parser.parse(piece);
    if (tree === null) throw new Error(`the parser stopped before the end of ${file}`);
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
    parse,
    close() {
      for (const tree of trees) tree.delete();
    },
  };
}
