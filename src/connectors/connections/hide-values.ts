import { isMap, isScalar, isSeq } from 'yaml';
import { type Diagnostic, lineOf } from '../../core/index.ts';
import type { YamlValue } from '../../manifest/index.ts';
import { urlPassword } from './url-password.ts';

/**
 * Findings without the values that could be credentials: in the lines that they show, every value is starred out but those of settings that are known to be
 * none. Stars take the place of letters one by one, so that columns stay true. Where the text could not be read, no lines are shown.
 */
export function hideValues(
  diagnostics: readonly Diagnostic[],
  text: string,
  yaml: YamlValue | undefined,
  open: ReadonlySet<string>,
): readonly Diagnostic[] {
  if (diagnostics.length === 0) return diagnostics;
  if (yaml === undefined) return diagnostics.map(({ sourceLine: _, ...rest }) => rest);
  // Anchors, tags and aliases are no part of a value, and a comment behind it is where a password is left that was tried once.
  const shown = starredOut(text, yaml.root, open).replace(
    /(?<=\s)#.*$|(?<=[\s,[{])[&*!][^\s,\]}]+/gm,
    (beside) => '*'.repeat(beside.length),
  );
  return diagnostics.map((diagnostic) => {
    const { place, related } = diagnostic;
    if (place === undefined) return diagnostic;
    return {
      ...diagnostic,
      sourceLine: lineOf(shown, place.line),
      ...(related === undefined
        ? {}
        : { related: { ...related, sourceLine: lineOf(shown, related.place.line) } }),
    };
  });
}

function starredOut(text: string, root: unknown, open: ReadonlySet<string>): string {
  const pieces: string[] = [];
  let done = 0;
  for (const [start, end] of hiddenRanges(root, open)) {
    if (start < done) continue;
    pieces.push(text.slice(done, start), text.slice(start, end).replace(/[^\r\n]/g, '*'));
    done = end;
  }
  return pieces.join('') + text.slice(done);
}

/** In the order of the text. */
function hiddenRanges(root: unknown, open: ReadonlySet<string>): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  const visit = (node: unknown, mayShow: boolean): void => {
    if (isMap(node)) {
      for (const { key, value } of node.items) visit(value, isScalar(key) && open.has(String(key.value)));
    } else if (isSeq(node)) {
      for (const item of node.items) visit(item, mayShow);
    } else if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      const value = isScalar(node) ? node.value : undefined;
      const harmless =
        value === null || (mayShow && isScalar(node) && urlPassword(String(value)) === undefined);
      if (!harmless) ranges.push([Number(node.range[0]), Number(node.range[1])]);
    }
  };
  visit(root, false);
  return ranges.toSorted(([a], [b]) => a - b);
}
