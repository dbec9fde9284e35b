import type { Node } from 'web-tree-sitter';
import type { Diagnostic } from '../../../core/index.ts';
import type { PythonFile } from './python-file.ts';

const mostReported = 5;

/** Where the file is no Python, from the top; inside a broken place nothing more is looked for. */
export function syntaxErrors(source: PythonFile): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const waiting: Node[] = [source.root];
  for (let node = waiting.pop(); node !== undefined && found.length < mostReported; node = waiting.pop()) {
    if (node.isMissing || node.isError) found.push(describe(source, node));
    else if (node.hasError) waiting.push(...node.children.toReversed());
  }
  return found;
}

function describe(source: PythonFile, node: Node): Diagnostic {
  const place = source.placeOf(node);
  const sourceLine = source.line(place.line);
  return {
    code: 'syntax-error',
    severity: 'error',
    message: `${place.file}:${place.line} is not Python: ${node.isMissing ? `${quote(node.type)} is missing` : unexpected(node)}`,
    place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
  };
}

function unexpected(node: Node): string {
  const [first = ''] = node.text.trim().split(/\s+/);
  return first === '' ? 'the line ends too early' : `unexpected ${quote(first.slice(0, 40))}`;
}

function quote(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
