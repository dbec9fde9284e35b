import type { LayerEntry } from './layer-entries.ts';

/**
 * Entries in order of path, where of the names of one file the first holds the content and the others link to it: which one an engine names first, and which
 * of them were left out, makes no difference. `all` has what was left out too.
 */
export function inCanonicalOrder(
  kept: readonly LayerEntry[],
  all: readonly LayerEntry[],
): readonly LayerEntry[] {
  const byPath = new Map(all.map((entry) => [entry.path, entry]));
  const firstNames = new Map<LayerEntry, string>();
  return kept
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map((entry) => {
      const file = contentOf(entry, byPath);
      if (file === undefined) return entry;
      const first = firstNames.get(file);
      if (first !== undefined) return linkTo(first, { ...file, path: entry.path });
      firstNames.set(file, entry.path);
      return { ...file, path: entry.path };
    });
}

/** The file that an entry is a name of. A link to what is in no layer but one below stays a link. */
function contentOf(entry: LayerEntry, byPath: ReadonlyMap<string, LayerEntry>): LayerEntry | undefined {
  let at: LayerEntry | undefined = entry;
  for (let links = 0; at?.type === 'link' && links < 8; links++) at = byPath.get(at.target);
  return at?.type === 'file' ? at : undefined;
}

function linkTo(target: string, file: LayerEntry): LayerEntry {
  return { ...file, type: 'link', target, content: { ...file.content, size: 0 }, xattrs: new Map() };
}
