import { nearestWord } from '../../core/index.ts';
import type { PackageRequest } from '../../manifest/index.ts';
import type { DebianPackage, PackageIndex } from './package-index.ts';

/** A request that names nothing Debian has. */
export interface UnknownPackage {
  readonly request: PackageRequest;
  /** Names that were perhaps meant, best first. */
  readonly nearest: readonly string[];
}

/** How a language names the binding of a C library that Debian packages for it. */
export interface BindingRule {
  readonly prefix: string;
  readonly section: string;
}

/**
 * Turns requests for OS packages into Debian's names, each once, in order of name. `apt:NAME` is that package. A bare name is that package, else
 * the runtime libraries and the language's own bindings that Debian builds from the source package of that name.
 */
export function resolveOsPackages(
  requests: readonly PackageRequest[],
  index: PackageIndex,
  binding: BindingRule,
): { readonly names: readonly string[]; readonly unknown: readonly UnknownPackage[] } {
  const names = new Set<string>();
  const unknown: UnknownPackage[] = [];
  for (const request of requests) {
    const found = resolve(request, index, binding);
    for (const name of found) names.add(name);
    if (found.length > 0) continue;
    unknown.push({
      request,
      // All names are looked at, and it may be a library of the language's.
      get nearest() {
        return nearestPackages(request.spec, index, binding);
      },
    });
  }
  return { names: [...names].sort(), unknown };
}

function resolve(request: PackageRequest, index: PackageIndex, binding: BindingRule): readonly string[] {
  const [name = ''] = request.spec.split('=');
  if (index.find(name) !== undefined) return [request.spec];
  if (request.system !== 'os') return [];
  return index
    .builtFrom(name)
    .filter((entry) => isRuntimeLibrary(entry) || isBinding(entry, binding))
    .map((entry) => entry.name);
}

/** Debian keeps shared libraries in section `libs`; headers, debug symbols and documents have sections or suffixes of their own. */
function isRuntimeLibrary({ name, section }: DebianPackage): boolean {
  return section === 'libs' && name.startsWith('lib') && !isForDevelopment(name);
}

function isBinding({ name, section }: DebianPackage, binding: BindingRule): boolean {
  return section === binding.section && name.startsWith(binding.prefix) && !isForDevelopment(name);
}

function isForDevelopment(name: string): boolean {
  return /-(dev|dbg|dbgsym|doc|docs|tests?|testsuite|examples?)$/.test(name);
}

/** Debian's usual names for the word come first, then a name that is a slip away, then names that hold the word, short ones first. */
function nearestPackages(word: string, index: PackageIndex, { prefix }: BindingRule): readonly string[] {
  const most = 4;
  const usual = [`lib${word}`, `${prefix}${word}`, `${word}-tools`].filter((name) => index.find(name));
  const sameLength: string[] = [];
  const holding: string[] = [];
  for (const name of index.names) {
    if (Math.abs(name.length - word.length) <= 2) sameLength.push(name);
    if (word.length >= 3 && name.includes(word)) holding.push(name);
  }
  const slip = nearestWord(word, sameLength);
  holding.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return [...new Set([...usual, ...(slip === undefined ? [] : [slip]), ...holding])].slice(0, most);
}
