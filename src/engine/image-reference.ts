/** Splits `localhost:5000/nstack/score:1.2.0` at the tag's colon; a reference without a tag means `latest`. */
export function splitReference(reference: string): { readonly repository: string; readonly tag: string } {
  const colon = reference.lastIndexOf(':');
  // A colon before the last slash belongs to the registry's port.
  if (colon < 0 || reference.indexOf('/', colon) >= 0) return { repository: reference, tag: 'latest' };
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
