/** How a Haskell file begins, after comments and pragmas. */
export interface ModuleHeader {
  /** As the file says it: `Acme.Service`; undefined where it has no header. */
  readonly name: string | undefined;
  /** Where the name stands, or would have to; from 1. */
  readonly line: number;
  readonly column: number;
  /** Where the first word that is neither comment nor pragma begins. */
  readonly offset: number;
}

/** Finds the header of a Haskell file. */
export function moduleHeader(text: string): ModuleHeader {
  const offset = afterComments(text);
  const found = /^module\s+(\p{Lu}[\p{L}\p{N}_'.]*)/u.exec(text.slice(offset));
  const name = found?.[1];
  const at = name === undefined ? offset : offset + (found?.[0].length ?? 0) - name.length;
  const before = text.slice(0, at).split('\n');
  return { name, offset, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/**
 * The text for GHC: it gets a header where it has none, since GHC takes such a file for a program, and pragmas that make GHC speak of `file`, wherever
 * it reads it, in messages as in stack traces.
 */
export function textForGhc(
  text: string,
  { name, offset, line }: ModuleHeader,
  { moduleName, file }: { readonly moduleName: string; readonly file: string },
): string {
  const mark = (number: number) => `{-# LINE ${number} "${file}" #-}\n`;
  const whole = `${mark(1)}${text}`;
  if (name !== undefined) return whole;
  const at = whole.length - text.length + offset;
  const start = whole.lastIndexOf('\n', at - 1) + 1;
  const alone = whole.slice(start, at).trim() === '';
  const head = `module ${moduleName} where\n${mark(line)}`;
  return alone
    ? `${whole.slice(0, start)}${head}${whole.slice(start)}`
    : `${whole.slice(0, at)}\n${head}${whole.slice(at)}`;
}

/** Comments in braces may hold others of their kind; pragmas look like them. */
function afterComments(text: string): number {
  let at = 0;
  for (;;) {
    at += /^\s*/.exec(text.slice(at))?.[0].length ?? 0;
    if (text.startsWith('{-', at)) at = afterBlock(text, at);
    else if (/^--+(?![!#$%&*+./<=>?@\\^|~:-])/.test(text.slice(at, at + 100))) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end + 1;
    } else return at;
  }
}

function afterBlock(text: string, start: number): number {
  let depth = 0;
  for (const { 0: mark, index } of text.slice(start).matchAll(/\{-|-\}/g)) {
    depth += mark === '{-' ? 1 : -1;
    if (depth === 0) return start + index + 2;
  }
  return text.length;
}
