import type { Node, Parser } from 'web-tree-sitter';
import { parseSource, type SourceFile } from '../../code/source-file.ts';

/** One parsed Python file. */
export interface PythonFile extends SourceFile {
  /** Parses a piece of the file that stands in a string, such as a quoted hint; undefined where it is no expression. */
  parseExpression(text: string): Node | undefined;
}

export function parsePython(parser: Parser, file: string, text: string): PythonFile {
  const source = parseSource(parser, file, text);
  return {
    ...source,
    parseExpression(piece) {
      const root = source.parse(piece.trim());
      const [statement] = children(root);
      if (root.hasError || root.namedChildCount !== 1 || statement?.type !== 'expression_statement')
        return undefined;
      return statement.namedChildCount === 1 ? children(statement)[0] : undefined;
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
