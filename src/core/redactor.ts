/** Secrets shorter than this would star out half of every text. */
const shortest = 4;
/** Characters that a piece of a base64 text must have to be taken for a secret's. */
const shortestPiece = 8;

const stars = '***';

/**
 * A function that puts *** in the place of every occurrence of a secret in a text: as it is, URL-encoded, as part of a JSON text, and in base64, also within a larger text that
 * was encoded whole (`Basic dXNlcjpwYXNz`). Secrets below 4 characters stay. Of a secret with several lines, each longer line counts too, since logs are
 * read line by line. A text without secrets comes back as it is, after one search.
 */
export function createRedactor(secrets: Iterable<string>): (text: string) => string {
  const forms = [...new Set([...secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  const any = new RegExp(forms.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'));
  return (text) => (any.test(text) ? withStars(text, forms) : text);
}

function formsOf(secret: string): readonly string[] {
  if (secret.length < shortest) return [];
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----'));
  return [...new Set([secret, ...lines])].flatMap((text) => [
    text,
    ...jsonForms(text),
    ...urlForms(text),
    ...base64Forms(text),
  ]);
}

/** As JSON writers do: some escape everything beyond ASCII, some the slash. */
function jsonForms(text: string): readonly string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const ascii = plain.replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [plain, ascii].flatMap((form) => [form, form.replaceAll('/', '\\/')]);
}

function urlForms(text: string): readonly string[] {
  const plain = encodeURIComponent(text.toWellFormed());
  const strict = plain.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return [plain, strict].flatMap((form) => [
    form,
    form.replaceAll('%20', '+'),
    form.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
  ]);
}

/**
 * The text encoded alone, and at each of the three places that it can have in a group of three bytes: of these, the characters that depend on the
 * text alone.
 */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const alone = bytes.toString('base64');
  const pieces = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const long = pieces.filter((piece) => piece.length >= shortestPiece);
  return [alone, alone.replace(/=+$/, ''), ...long].flatMap((form) => [
    form,
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ]);
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
