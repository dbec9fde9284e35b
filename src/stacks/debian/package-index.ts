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

/** The index of a text: a line a package, `name TAB source TAB version TAB section`; of several lines of one name the first counts. Looked up in the text as it is, since a build asks for few of 70,000. */
export function parsePackageIndex(text: string): PackageIndex {
  const lines = `\n${text}\n`;
  const lineAt = (start: number) => packageOf(lines.slice(start, lines.indexOf('\n', start)));
  const find = (name: string) => {
    const before = isWord(name) ? lines.indexOf(`\n${name}\t`) : -1;
    return before < 0 ? undefined : lineAt(before + 1);
  };
  return {
    find,
    builtFrom(source) {
      const packages = new Map<string, DebianPackage>();
      const field = `\t${source}\t`;
      for (let at = lines.indexOf(field); isWord(source) && at >= 0; at = lines.indexOf(field, at + 1)) {
        const { name } = lineAt(lines.lastIndexOf('\n', at) + 1) ?? {};
        const first = name === undefined ? undefined : find(name);
        if (first?.source === source) packages.set(first.name, first);
      }
      return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    get names() {
      const names = new Set<string>();
      for (const line of text.split('\n')) {
        const name = packageOf(line)?.name;
        if (name !== undefined) names.add(name);
      }
      return names;
    },
  };
}

function isWord(text: string): boolean {
  return text !== '' && !/[\t\n]/.test(text);
}

function packageOf(line: string): DebianPackage | undefined {
  const [name, source, version, section] = line.split('\t');
  if (!name || !source || version === undefined || section === undefined) return undefined;
  return { name, source, version, section: section.replace(/^.*\//, '') };
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
