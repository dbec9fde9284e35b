import { secretForms } from './secret-forms.ts';

/** Secrets shorter than this would star out half of every text. */
const shortest = 4;

const stars = '***';

/**
 * A function that puts *** in the place of every occurrence of a secret in a text: as it is, URL-encoded, as part of a JSON text, and in base64, also within a larger text that
 * was encoded whole (`Basic dXNlcjpwYXNz`). Secrets below 4 characters stay. Of a secret with several lines, each longer line counts too, since logs are
 * read line by line. A text without secrets comes back as it is, after one search.
 */
export function createRedactor(secrets: Iterable<string>): (text: string) => string {
  const forms = [
    ...new Set([...secrets].filter((secret) => secret.length >= shortest).flatMap(secretForms)),
  ].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  const any = new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'));
  return (text) => (any.test(text) ? withStars(text, forms) : text);
}

/** Occurrences may overlap, so that they are found first and starred out together. */
function withStars(text: string, forms: readonly string[]): string {
  const found: (readonly [number, number])[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + 1))
      found.push([at, at + form.length]);
  }
  found.sort(([a], [b]) => a - b);
  let result = '';
  let end = -1;
  for (const [from, to] of found) {
    if (from > end) result += end === -1 ? text.slice(0, from) : stars + text.slice(end, from);
    end = Math.max(end, to);
  }
  return result + stars + text.slice(end);
}
