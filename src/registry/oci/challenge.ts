/** What a registry says that it wants to see: a password, or a token from the place that it names (RFC 7235, RFC 6750). */
export type Challenge =
  | { readonly kind: 'basic' }
  | {
      readonly kind: 'bearer';
      readonly realm: string;
      readonly service: string | undefined;
      readonly scope: string | undefined;
    };

/** Reads `WWW-Authenticate`, which may hold several challenges; tokens before passwords. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const bearer = /\bbearer\s+((?:[\w-]+\s*=\s*(?:"[^"]*"|[^\s,"]+)[\s,]*)+)/i.exec(header ?? '')?.[1];
  if (bearer !== undefined) {
    const parameters = new Map(
      [...bearer.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|([^\s,"]+))/g)].map(([, key = '', quoted, bare]) => [
        key.toLowerCase(),
        quoted ?? bare,
      ]),
    );
    const realm = parameters.get('realm');
    if (realm === undefined) return undefined;
    return { kind: 'bearer', realm, service: parameters.get('service'), scope: parameters.get('scope') };
  }
  return /\bbasic\b/i.test(header ?? '') ? { kind: 'basic' } : undefined;
}
