import type { Format } from '../connector.ts';
import type { BodyKind } from './message-reader.ts';

export type BodyForm =
  /** `given`: the request says so itself, and it is not what someone's client says of everything. */
  { readonly kind: BodyKind; readonly given: boolean } | { readonly kind: 'lines' } | undefined;

/**
 * What a body is by its Content-Type, or by the format where that does not say: curl names a form whatever it sends. Undefined where it is plainly
 * something else, such as a picture.
 */
export function bodyForm(contentType: string | undefined, format: Format): BodyForm {
  const [media = ''] = (contentType ?? '').split(';', 1);
  const type = media.trim().toLowerCase();
  if (/^application\/(x-ndjson|ndjson|jsonl|x-jsonlines|json-lines)$/.test(type)) return { kind: 'lines' };
  if (/^(application|text)\/(.+\+)?json$/.test(type)) return { kind: 'json', given: true };
  if (
    /^(image|audio|video|font|model|multipart)\/|^application\/(xml|pdf|zip|gzip|.+\+xml)$|^text\/(xml|html|csv)$/.test(
      type,
    )
  )
    return format === 'bytes' && !type.startsWith('multipart') ? { kind: 'bytes', given: true } : undefined;
  return { kind: format, given: type === 'text/plain' || type === 'application/octet-stream' };
}
