import type { Node } from 'web-tree-sitter';
import type { Diagnostic } from '../../core/index.ts';
import type { SourceFile } from './source-file.ts';

/** Beyond these a file is better looked at. */
export const mostReported = 5;

/** Where the file is not of its language (`Python`), from the top. A bracket without its partner upsets all that follows, so it is reported alone. */
export function syntaxErrors(source: SourceFile, language: string): readonly Diagnostic[] {
  if (!source.root.hasError) return [];
  const lone = loneBracket(source.root);
  if (lone !== undefined) {
    const isClosing = ')]}'.includes(lone.type);
    return [
      describe(
        source,
        language,
        lone,
        `${quote(lone.type)} ${isClosing ? 'closes nothing' : 'is never closed'}`,
      ),
    ];
  }
  return brokenNodes(source.root).map((node) =>
    describe(source, language, node, node.isMissing ? `${quote(node.type)} is missing` : unexpected(node)),
  );
}

/** The innermost opening bracket that is never closed, or the first closing one that was never opened. */
function loneBracket(root: Node): Node | undefined {
  const open: Node[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.childCount > 0) waiting.push(...node.children.toReversed());
    else if (node.isMissing || node.text.length !== 1) continue;
    else if ('([{'.includes(node.type)) open.push(node);
    else if (')]}'.includes(node.type)) {
      const opening = open.pop();
      if (opening === undefined || partners[opening.type] !== node.type) return node;
    }
  }
  return open.at(-1);
}

const partners: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Broken places in order, the first five; inside one nothing more is looked for. */
export function brokenNodes(root: Node): readonly Node[] {
  const found: Node[] = [];
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined && found.length < mostReported; node = waiting.pop()) {
    if (node.isMissing || node.isError) found.push(node);
    else if (node.hasError) waiting.push(...node.children.toReversed());
  }
  return found;
}

function describe(source: SourceFile, language: string, node: Node, fault: string): Diagnostic {
  const place = source.placeOf(node);
  const sourceLine = source.line(place.line);
  return {
    code: 'syntax-error',
    severity: 'error',
    message: `${place.file}:${place.line} is not ${language}: ${fault}`,
    place,
    ...(sourceLine === undefined ? {} : { sourceLine }),
  };
}

function unexpected(node: Node): string {
  const [first = ''] = node.text.trim().split(/\s+/);
  return first === '' ? 'the line ends too early' : `unexpected ${quote(first.slice(0, 40))}`;
}

/** In whichever quotes the text has not. */
export function quote(text: string): string {
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
