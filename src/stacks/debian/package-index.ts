/** What one Debian release offers, binary package by binary package. */
export interface PackageIndex {
  find(name: string): DebianPackage | undefined;
  /** The binary packages that Debian builds from a source package, in order of name. */
  builtFrom(source: string): readonly DebianPackage[];
  readonly names: Iterable<string>;
}

export interface DebianPackage {
  readonly name: string;
  readonly source: string;
  /** Debian version, such as `3.24+ds-6.1`. */
  readonly version: string;
  /** Archive section without its area: `libs`, `python`, `libdevel`. */
  readonly section: string;
}

/** Reads the index's text: a line a package, `name TAB source TAB version TAB section`. */
export function parsePackageIndex(text: string): PackageIndex {
  const packages = new Map<string, DebianPackage>();
  const bySource = new Map<string, DebianPackage[]>();
  for (const line of text.split('\n')) {
    const [name, source, version, section] = line.split('\t');
    if (!name || !source || version === undefined || section === undefined || packages.has(name)) continue;
    const entry: DebianPackage = { name, source, version, section: section.replace(/^.*\//, '') };
    packages.set(name, entry);
    const siblings = bySource.get(source);
    if (siblings === undefined) bySource.set(source, [entry]);
    else siblings.push(entry);
  }
  return {
    find: (name) => packages.get(name),
    builtFrom: (source) =>
      (bySource.get(source) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    names: [...packages.keys()],
  };
}

/**
 * A shell command that writes the index's text to stdout inside a Debian system, after `apt-get update`. `dumpavail` names a source
 * package only where it differs from the binary one, with its version in parentheses where that differs too.
 */
export const packageIndexCommand = [
  "apt-cache dumpavail | awk '",
  '/^Package: / { name = $2; source = name; version = ""; section = "" }',
  '/^Source: / { source = $2 }',
  '/^Version: / { version = $2 }',
  '/^Section: / { section = $2 }',
  '/^$/ { if (name != "") print name "\\t" source "\\t" version "\\t" section; name = "" }',
  'END { if (name != "") print name "\\t" source "\\t" version "\\t" section }\'',
].join(' ');
