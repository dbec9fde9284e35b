/** What is wrong with the brackets, texts or comments of Java code, and where. */
export interface BracketFault {
  /** Index in the text. */
  readonly index: number;
  readonly length: number;
  readonly fault: string;
}

interface Bracket {
  readonly sign: string;
  readonly index: number;
  /** Columns before the first word of its line. */
  readonly indent: number;
}

const closing = new Set([')', ']', '}']);
const partners: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Beginnings of lines, comments, text blocks, texts, characters, brackets; an open comment or text matches without its end. */
const tokens =
  /\n[ \t]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"""(?:\\[\s\S]|[^\\])*?(?:"""|$)|"(?:\\[^\r\n]|[^"\\\r\n])*"?|'(?:\\[^\r\n]|[^'\\\r\n])*'?|[()[\]{}]/g;

/**
 * The first bracket without its partner, or the first text or comment without its end. A brace that is closed further left than it was opened
 * on has lost its own closing one, which is where the author has to look, and not at the end of the file.
 */
export function bracketFault(code: string): BracketFault | undefined {
  const open: Bracket[] = [];
  let lost: Bracket | undefined;
  /** Of the line that is being read: the columns before its first word, and where that begins. */
  let line = { indent: 0, begins: 0 };
  for (const { 0: token, index } of code.matchAll(tokens)) {
    if (token.startsWith('\n')) line = { indent: token.length - 1, begins: index + token.length };
    const unfinished = unfinishedText(token);
    if (unfinished !== undefined) return { index, length: 1, fault: unfinished };
    if (partners[token] !== undefined) open.push({ sign: token, index, indent: line.indent });
    else if (closing.has(token)) {
      const opening = open.pop();
      if (opening === undefined)
        return lone(lost) ?? { index, length: 1, fault: `"${token}" closes nothing` };
      if (partners[opening.sign] !== token) {
        if (token === '}') return lone(opening);
        return { index, length: 1, fault: `"${token}" closes nothing` };
      }
      if (index === line.begins && line.indent < opening.indent) lost ??= opening;
    }
  }
  return open.length === 0 ? undefined : lone(lost ?? open.at(-1));
}

function lone(bracket: Bracket | undefined): BracketFault | undefined {
  if (bracket === undefined) return undefined;
  return { index: bracket.index, length: 1, fault: `"${bracket.sign}" is never closed` };
}

function unfinishedText(token: string): string | undefined {
  if (token.startsWith('/*'))
    return token.length > 3 && token.endsWith('*/') ? undefined : '"/*" is never closed';
  if (token.startsWith('"""')) {
    return token.length > 5 && token.endsWith('"""') ? undefined : `'"""' is never closed`;
  }
  if (token.startsWith('"'))
    return token.length > 1 && token.endsWith('"') ? undefined : 'a text is never closed';
  if (token.startsWith("'"))
    return token.length > 2 && token.endsWith("'") ? undefined : '"\'" is never closed';
  return undefined;
}
