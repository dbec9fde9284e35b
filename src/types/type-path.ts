/** The way from a whole value or type to a part of it, the innermost step first. `segment` is written as it stands, `name` is a field's, a key's or a case's. */
export type TypePath = { readonly parent: TypePath | undefined } & (
  | { readonly segment: string; readonly name?: never }
  | { readonly name: string; readonly segment?: never }
);

/** `$.legs[2].delay`; names that are no plain words are quoted: `$["two words"]`. Long names are cut. */
export function pathText(path: TypePath | undefined): string {
  const segments: string[] = [];
  for (let at = path; at !== undefined; at = at.parent) segments.push(at.segment ?? nameText(at.name));
  return `$${segments.reverse().join('')}`;
}

function nameText(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]{0,60}$/.test(name) ? `.${name}` : `[${shortName(name)}]`;
}

/** A name in quotes, cut where it is long. */
export function shortName(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}...` : name);
}
