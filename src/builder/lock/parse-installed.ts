import { nearestWord } from '../../core/index.ts';
import { type Path, pathText, show } from '../../manifest/index.ts';
import {
  type InstalledPackage,
  type InstalledPackages,
  noPackages,
  type PackageSystem,
  packageSystems,
} from '../../stacks/index.ts';
import { isMapping, type LockReading, requiredText, type TextRule } from './lock-reading.ts';

/** What names and versions of each system look like: nothing that a package manager, its files or a shell would take for something else. */
const rules: Readonly<Record<PackageSystem, { readonly name: TextRule; readonly version: TextRule }>> = {
  apt: {
    name: { pattern: /^[a-z0-9][a-z0-9+.-]*$/, what: 'a name of a Debian package' },
    version: { pattern: /^[A-Za-z0-9][A-Za-z0-9.+:~-]*$/, what: 'a version of a Debian package' },
  },
  pip: {
    name: { pattern: /^[a-z0-9]+(?:-[a-z0-9]+)*$/, what: 'a name of a Python package in lower case' },
    version: { pattern: /^[A-Za-z0-9][A-Za-z0-9.!+_-]*$/, what: 'a version of a Python package' },
  },
  maven: {
    name: {
      pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]*(?::[A-Za-z0-9_][A-Za-z0-9._-]*){1,3}$/,
      what: 'group:artifact of a jar',
    },
    version: { pattern: /^[A-Za-z0-9][A-Za-z0-9._+-]*$/, what: 'a version of a jar' },
  },
  hackage: {
    name: { pattern: /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*$/, what: 'a name of a Haskell package' },
    version: { pattern: /^[0-9]+(?:\.[0-9]+)*$/, what: 'a version of a Haskell package' },
  },
};
const hash: TextRule = {
  pattern: /^sha256:[0-9a-f]{64}$/,
  what: 'a digest such as sha256:0a1b..., 64 hexadecimal digits',
};
const address: TextRule = {
  pattern: /^(?:[a-z]+\+)?(?:https?|ssh|file):\/\/[^\s"'\\;`$]+$/,
  what: 'an address such as https://host/path, without blanks',
};

/** One of the two sections of packages, at its path in the lock. */
export function parseInstalled(path: Path, value: unknown, reading: LockReading): InstalledPackages {
  const { reporter } = reading;
  if (!isMapping(value)) {
    reporter.report(
      path,
      'wrong-value',
      `${pathText(path)} must be a mapping of ${packageSystems.join(', ')}, found ${show(value)}`,
    );
    return noPackages;
  }
  const found: Record<PackageSystem, readonly InstalledPackage[]> = { ...noPackages };
  for (const [name, entries] of Object.entries(value)) {
    const system = packageSystems.find((one) => one === name);
    if (system === undefined) {
      const nearest = nearestWord(name, packageSystems);
      reporter.report([...path, name], 'unknown-key', `${show(name)} is no system of packages`, {
        hint: nearest === undefined ? `they are ${packageSystems.join(', ')}` : `did you mean "${nearest}"?`,
        at: 'key',
      });
    } else if (!isMapping(entries)) {
      reporter.report(
        [...path, system],
        'wrong-value',
        `${pathText([...path, system])} must be a mapping of names to versions, found ${show(entries)}`,
      );
    } else {
      found[system] = Object.entries(entries)
        .map(([key, entry]) => readPackage(system, [...path, system, key], key, entry, reading))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    }
  }
  return found;
}

function readPackage(
  system: PackageSystem,
  path: Path,
  name: string,
  value: unknown,
  reading: LockReading,
): InstalledPackage {
  const { reporter } = reading;
  const rule = rules[system];
  if (name.length > 300 || !rule.name.pattern.test(name))
    reporter.report(path, 'wrong-key', `${show(name)} is not ${rule.name.what}`, { at: 'key' });
  if (!isMapping(value))
    return { name, version: requiredText(path, value, rule.version, reading), hashes: [] };
  for (const key of Object.keys(value).filter((one) => !['version', 'url', 'hashes'].includes(one)))
    reporter.report([...path, key], 'unknown-key', `unknown key ${show(key)} of ${name}`, {
      hint: 'the keys are version, url, hashes',
      at: 'key',
    });
  const { hashes = [], url } = value;
  if (!Array.isArray(hashes))
    reporter.report(
      [...path, 'hashes'],
      'wrong-value',
      `the hashes of ${name} must be a list, found ${show(hashes)}`,
    );
  return {
    name,
    version: requiredText([...path, 'version'], value.version, rule.version, reading),
    ...(url === undefined ? {} : { url: requiredText([...path, 'url'], url, address, reading) }),
    hashes: (Array.isArray(hashes) ? hashes : []).map((one: unknown, index) =>
      requiredText([...path, 'hashes', index], one, hash, reading),
    ),
  };
}
