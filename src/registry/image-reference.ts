/**
 * Where the image of a service lives: `org/Demo.NumChars` 1.2.0 is `nstack/org/demo.numchars:1.2.0`. Repositories know no capitals: the
 * true name is in the image's label, and names that differ in case alone cannot both be built (`refuseNameInOtherCase`).
 */
export function imageReference(name: string, version: string): string {
  return `${imageRepository(name)}:${version}`;
}

export function imageRepository(name: string): string {
  return `nstack/${name.toLowerCase()}`;
}
