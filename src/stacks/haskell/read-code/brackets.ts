/** A bracket without its partner. */
export interface LoneBracket {
  readonly bracket: string;
  readonly line: number;
  /** In UTF-16 code units, from 1. */
  readonly column: number;
}

const partners: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

// Comments in braces are counted by hand, since they nest. A quote after a letter is a part of a name.
const tokens =
  /(?<space>\s+)|(?<block>\{-)|(?<line>--+(?![!#$%&*+./<=>?@\\^|~:-])[^\n]*)|(?<string>"(?:[^"\\\n]|\\\s+\\|\\[^\s])*"?)|(?<char>'(?:[^'\\\n]|\\[^\n'][^'\n]*|\\')')|(?<name>[\p{L}_][\p{L}\p{N}_']*)|(?<operator>[!#$%&*+./<=>?@\\^|~:-]+)|(?<open>[([{])|(?<close>[)\]}])|./gsuy;

/**
 * The innermost opening bracket of a Haskell file that is never closed, or the first closing one that was never opened. Undefined too where that
 * cannot be told: a preprocessor may choose between brackets, and a quotation in another language may hold any.
 */
export function loneBracket(text: string): LoneBracket | undefined {
  if (/^#\s*if/m.test(text) || /\[(?:[\p{Ll}_][\p{L}\p{N}_'.]*)?\|/u.test(text)) return undefined;
  const open: { bracket: string; at: number }[] = [];
  tokens.lastIndex = 0;
  for (let found = tokens.exec(text); found !== null; found = tokens.exec(text)) {
    const { index, groups = {} } = found;
    const [token] = found;
    if (groups.block !== undefined) tokens.lastIndex = afterBlock(text, index);
    else if (groups.open !== undefined) open.push({ bracket: token, at: index });
    else if (groups.close !== undefined) {
      const opening = open.pop();
      if (opening === undefined || partners[opening.bracket] !== token) return placed(text, token, index);
    }
  }
  const last = open.at(-1);
  return last === undefined ? undefined : placed(text, last.bracket, last.at);
}

function afterBlock(text: string, start: number): number {
  const marks = /\{-|-\}/g;
  marks.lastIndex = start;
  let depth = 0;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    depth += found[0] === '{-' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function placed(text: string, bracket: string, at: number): LoneBracket {
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  return { bracket, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
