import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';
import { secretForms } from '../../core/index.ts';

/** Bytes that a secret must have to be looked for: shorter ones are found by chance in any image. */
export const shortestSecret = 6;

/** A secret that was found, by its name. */
export interface FoundSecret {
  readonly secret: string;
  /** The file that holds it, or whose name does. */
  readonly path: string;
}

/** Looks for secrets: as they are, in base64, URL-encoded and in JSON's notation. What is compressed inside of a file is not looked into. */
export interface SecretSearch {
  /** Whether there is nothing to look for. */
  readonly empty: boolean;
  /** Names of secrets that are too short to be looked for. */
  readonly tooShort: readonly string[];
  inText(text: string): string | undefined;
  /** The first secret in a layer: its uncompressed tar, read once and never held. */
  inLayer(tar: Readable): Promise<FoundSecret | undefined>;
}

export function secretSearch(secrets: Readonly<Record<string, string>>): SecretSearch {
  const isShort = ([, value]: readonly [string, string]) => Buffer.byteLength(value) < shortestSecret;
  const entries = Object.entries(secrets);
  const needles = entries
    .filter((entry) => !isShort(entry))
    .flatMap(([name, value]) =>
      [...new Set(secretForms(value))]
        .filter((form) => form.length >= shortestSecret)
        .map((form) => ({ name, bytes: Buffer.from(form) })),
    );
  // One at least: nothing is kept from the end of a chunk by `subarray(-0)`.
  const overlap = Math.max(1, ...needles.map(({ bytes }) => bytes.length - 1));
  const inBytes = (bytes: Buffer) => needles.find((needle) => bytes.includes(needle.bytes))?.name;
  const inText = (text: string) => inBytes(Buffer.from(text));

  async function inContent(content: AsyncIterable<Buffer>): Promise<string | undefined> {
    let found: string | undefined;
    let tail = Buffer.alloc(0);
    for await (const chunk of content) {
      if (found !== undefined) continue;
      // A secret may lie across two chunks.
      const seam = Buffer.concat([tail, chunk.subarray(0, overlap)]);
      found = inBytes(seam) ?? inBytes(chunk);
      tail = Buffer.concat([tail, chunk]).subarray(-overlap);
    }
    return found;
  }

  async function inLayer(tar: Readable): Promise<FoundSecret | undefined> {
    const entries = extract();
    tar.on('error', (error) => entries.destroy(error));
    tar.pipe(entries);
    let found: FoundSecret | undefined;
    for await (const entry of entries) {
      const { name, linkname } = entry.header;
      const secret =
        inText(`${name}\n${linkname ?? ''}`) ?? (await inContent(entry as AsyncIterable<Buffer>));
      if (secret === undefined) entry.resume();
      else found ??= { secret, path: `/${name.replace(/^\.?\/+/, '')}` };
      if (found !== undefined) break;
    }
    tar.unpipe(entries);
    tar.destroy();
    return found;
  }

  const empty = needles.length === 0;
  return { empty, tooShort: entries.filter(isShort).map(([name]) => name), inText, inLayer };
}
