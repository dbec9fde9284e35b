import { stringify } from 'yaml';
import { type InstalledPackage, type InstalledPackages, packageSystems } from '../../stacks/index.ts';
import { lockFormat, type ServiceLock } from './service-lock.ts';

const head = `# What nstack build has installed, and what it installs from now on: keep it with nstack.yaml under version control.
# nstack upgrade takes newer packages; nstack outdated says which there are.
`;

/** The text of an nstack.lock: a line for what can change alone, so that diffs read well. Equal locks, equal text. */
export function printLock(lock: ServiceLock): string {
  const { asked, platform, base, snapshot, madeBy, packages, toolchain } = lock;
  const value = {
    lock: lockFormat,
    asked,
    platform,
    base,
    ...(snapshot === undefined ? {} : { snapshot }),
    nstack: madeBy,
    packages: sections(packages),
    ...(toolchain === undefined ? {} : { toolchain: sections(toolchain) }),
  };
  return head + stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

function sections(packages: InstalledPackages): Record<string, unknown> {
  const filled = packageSystems.filter((system) => packages[system].length > 0);
  return Object.fromEntries(
    filled.map((system) => [
      system,
      Object.fromEntries(packages[system].map((one) => [one.name, entry(one)])),
    ]),
  );
}

function entry({ version, url, hashes }: InstalledPackage): unknown {
  if (hashes.length === 0 && url === undefined) return version;
  return { version, ...(url === undefined ? {} : { url }), ...(hashes.length === 0 ? {} : { hashes }) };
}
