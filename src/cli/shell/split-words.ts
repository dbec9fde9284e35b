import { NstackError } from '../../core/index.ts';

/** The words of a command, parted by blanks; double or single quotation marks hold one together, `\` takes the sign behind it as it is. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (sign === '\\' && quote !== "'") {
      word = (word ?? '') + (text[++at] ?? '');
    } else if (quote !== undefined) {
      if (sign === quote) quote = undefined;
      else word += sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + sign;
  }
  if (quote !== undefined) throw new NstackError('usage', `the quotation mark ${quote} is not closed`);
  if (word !== undefined) words.push(word);
  return words;
}
