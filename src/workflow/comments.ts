import type { Findings, Span } from '../types/index.ts';

/** A comment with its signs, such as `// why`. */
export interface Comment extends Span {
  readonly text: string;
}

/**
 * A text in which every comment is blanks, so that offsets stay, and the comments. `//` begins one at a line's start or after white
 * space alone (`file//data/in.csv` is a path), `/*` anywhere but in a path; neither does within quotation marks.
 *
 * Here, as in every search of this folder, a quotation mark that nothing closes reaches to the end of its line, so that no search
 * is begun twice for it.
 */
export function blankComments(
  text: string,
  findings: Findings,
): { readonly blanked: string; readonly comments: readonly Comment[] } {
  const comments: Comment[] = [];
  const pattern =
    /"(?:[^"\\\n]|\\[^\n]?)*"?|(?<![^\s])\/\/[^\n]*|(?<![^\s(){}[\],|<>=])\/\*[\s\S]*?(?:\*\/|$)/gu;
  const blanked = text.replace(pattern, (found, offset: number) => {
    if (found.startsWith('"')) return found;
    const comment = found.replace(/\s+$/, '');
    comments.push({ text: comment, start: offset, end: offset + comment.length });
    if (found.startsWith('/*') && (found.length < 4 || !found.endsWith('*/'))) {
      findings.error('open-comment', { start: offset, end: offset + 2 }, 'the comment has no end', {
        hint: 'close it with */',
      });
    }
    return found.replaceAll(/[^\n]/g, ' ');
  });
  return { blanked, comments };
}
