import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { ServiceFolder } from '../stack.ts';

/** A package that a cabal package is built with, and which versions of it will do. */
export interface CabalDependency {
  readonly name: string;
  /** As it is written, without white space: `>=0.13&&<0.14`; empty where any version will do. */
  readonly versions: string;
}

/** What nstack takes of a cabal package: its library, or its programs where it has none. Tests and benchmarks are not part of a service. */
export interface CabalFile {
  /** As the user would type it. */
  readonly file: string;
  /** Folders that modules begin in, paths below the service's folder; `` is that folder itself. */
  readonly sourceFolders: readonly string[];
  readonly dependencies: readonly CabalDependency[];
  /** What they mean to GHC: extensions, language, warnings, libraries to link. */
  readonly options: readonly string[];
}

/** The cabal package in a service's folder. Fails with `file-unreadable` where there are several. */
export async function readCabalFile({ root, manifestFile }: ServiceFolder): Promise<CabalFile | undefined> {
  const names = (await readdir(root).catch(() => [])).filter((name) => /^[^.].*\.cabal$/.test(name)).sort();
  const [name] = names;
  if (name === undefined) return undefined;
  if (names.length > 1)
    throw new NstackError('file-unreadable', `there are several cabal packages: ${names.join(', ')}`, {
      hint: 'a service is one cabal package, so leave one .cabal file in its folder',
    });
  const text = await readFile(join(root, name), 'utf8').catch((cause: unknown) => {
    throw new NstackError('file-unreadable', `${name} cannot be read`, { cause });
  });
  return { file: join(dirname(manifestFile), name), ...parseCabalFile(text) };
}

/** Reads the text of a .cabal file, as far as a service needs it (https://cabal.readthedocs.io/en/3.10/cabal-package.html). */
export function parseCabalFile(text: string): Omit<CabalFile, 'file'> {
  const sections = readSections(text);
  const fields = ownFields(sections);
  const words = (name: string) => named(fields, name).flatMap(listed);
  const own = new Set([
    ...named(sections[0]?.fields ?? [], 'name').flatMap(listed),
    ...sections.filter(({ kind }) => kind === 'library').map(({ title }) => title),
  ]);
  const folders = words('hs-source-dirs').map((folder) =>
    posix.normalize(folder).replace(/^\.?\/?$|\/$/g, ''),
  );
  return {
    sourceFolders: folders.length === 0 ? [''] : [...new Set(folders)],
    dependencies: named(fields, 'build-depends')
      .flatMap(dependencies)
      .filter(({ name }) => !own.has(name)),
    options: [
      ...words('default-language').map((language) => `-X${language}`),
      ...[...words('default-extensions'), ...words('extensions')].map((extension) => `-X${extension}`),
      ...words('ghc-options').filter((option) => /^-[WXf]/.test(option)),
      ...words('extra-libraries').map((library) => `-l${library}`),
    ],
  };
}

interface Field {
  readonly name: string;
  readonly lines: readonly string[];
}

interface Section {
  /** `library`, `common`, `test-suite`; empty for what stands before the first one. */
  readonly kind: string;
  readonly title: string;
  readonly fields: Field[];
}

/** Sections begin at the margin, their fields are indented, and what is indented more than a field's name goes on with it. */
function readSections(text: string): readonly Section[] {
  const sections: Section[] = [{ kind: '', title: '', fields: [] }];
  let field: (Field & { readonly indent: number; readonly lines: string[] }) | undefined;
  let foreign = Number.POSITIVE_INFINITY;
  for (const line of text.split(/\r\n|\r|\n/)) {
    if (/^\s*(--|$)/.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    if (field !== undefined && indent > field.indent) {
      field.lines.push(line.trim());
      continue;
    }
    field = undefined;
    if (indent > foreign) continue;
    foreign = isForOthers(line) ? indent : Number.POSITIVE_INFINITY;
    const [, name, rest = ''] = /^\s*([A-Za-z][\w-]*)\s*:(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      field = { indent, name: name.toLowerCase(), lines: [rest.trim()] };
      sections.at(-1)?.fields.push(field);
    } else if (indent === 0) {
      const [kind = '', ...title] = line.trim().split(/\s+/);
      sections.push({ kind: kind.toLowerCase(), title: title.join(' '), fields: [] });
    }
  }
  return sections;
}

/** A condition that holds on other systems, or for other compilers, than those of the base image. */
function isForOthers(line: string): boolean {
  return /^\s*(?:el)?if\b(?!.*!).*(?:os\((?!linux)|impl\((?!ghc\b))/i.test(line);
}

/** The fields of the library, or of the programs, with those of the common parts that they import. */
function ownFields(sections: readonly Section[]): readonly Field[] {
  const libraries = sections.filter(({ kind }) => kind === 'library');
  const own = libraries.length > 0 ? libraries : sections.filter(({ kind }) => kind === 'executable');
  const taken = new Set<Section>(own);
  for (const section of taken) {
    const imported = named(section.fields, 'import').flatMap(listed);
    for (const part of sections) if (part.kind === 'common' && imported.includes(part.title)) taken.add(part);
  }
  return [...taken].flatMap(({ fields }) => fields);
}

function named(fields: readonly Field[], name: string): readonly Field[] {
  return fields.filter((field) => field.name === name);
}

function listed({ lines }: Field): readonly string[] {
  return lines
    .join(' ')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
}

/** Commas part packages, but for those in braces: `base ^>= { 4.17, 4.18 }, lib:{one, two} >= 1`. */
function dependencies({ lines }: Field): readonly CabalDependency[] {
  return lines
    .join(' ')
    .split(/,(?![^{]*\})/)
    .map((part) => /^\s*([A-Za-z0-9-]+)(?::(?:[\w-]+|\{[^}]*\}))?(.*)$/.exec(part))
    .flatMap((found) =>
      found?.[1] === undefined ? [] : [{ name: found[1], versions: found[2]?.replaceAll(/\s+/g, '') ?? '' }],
    );
}
