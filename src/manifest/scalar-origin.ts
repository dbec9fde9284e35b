import { isScalar, type Node } from 'yaml';
import { lineOf } from '../core/index.ts';
import type { TextOrigin } from '../types/index.ts';
import type { Source } from './decode-source.ts';

/**
 * Where the text of a YAML scalar stands in its file. Exact for block scalars (`|`) and for text on one line without escapes;
 * for folded or escaped text it is where the scalar begins.
 */
export function scalarOrigin(node: Node | undefined, { file, text, findings }: Source): TextOrigin {
  const start = node?.range?.[0] ?? 0;
  const line = findings.lineOf(start) + 1;
  const column = findings.columnOf(start);
  const sourceLine = (number: number) => lineOf(text, number);
  const type = isScalar(node) ? node.type : undefined;
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') {
    const indent = blockIndent(text.slice(text.indexOf('\n', start) + 1), node);
    return { file, line: line + 1, column: indent, indent, sourceLine };
  }
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  return { file, line, column: column + (quoted ? 1 : 0), indent: 0, sourceLine };
}

/** The indentation of a block scalar: what its first line that is not empty has beyond the text. */
function blockIndent(content: string, node: Node | undefined): number {
  const line = /^(?:[ \t]*\r?\n)*([^\r\n]*)/.exec(content)?.[1] ?? '';
  const blanks = line.length - line.trimStart().length;
  if (!isScalar(node) || node.type !== 'BLOCK_LITERAL' || typeof node.value !== 'string') return blanks;
  const first = node.value.split('\n').find((each) => each.trim() !== '') ?? '';
  return blanks - (first.length - first.trimStart().length);
}
