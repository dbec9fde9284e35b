import type { InstalledPackage } from '../stack.ts';
import type { Requirements, RequirementsFile } from './requirements.ts';

/**
 * Requirements that have pip install just what nstack.lock says. The author's own files give where to look for it alone. What has no hash, a commit of
 * a repository, has a file of its own, since pip wants hashes of all packages or of none.
 */
export function lockedRequirements(
  packages: readonly InstalledPackage[],
  { files, sources }: Requirements,
): Requirements {
  const options = files.flatMap(({ text }) => text.split(/\r?\n/).filter((line) => placeOption.test(line)));
  const given = [
    requirementsFile(
      'nstack-locked.txt',
      options,
      packages.filter(({ hashes }) => hashes.length > 0),
    ),
    requirementsFile(
      'nstack-sources.txt',
      options,
      packages.filter(({ hashes }) => hashes.length === 0),
    ),
  ].filter((one) => one !== undefined);
  return { given: given.map(({ path }) => path), files: given, sources };
}

/** The versions of a lock that does not fit any more, as far as they are versions of the registry. */
export function constraintsOf(packages: readonly InstalledPackage[], asOf?: string): RequirementsFile {
  const lines = packages
    .filter(({ url }) => url === undefined)
    .map(({ name, version }) => `${name}==${version}\n`);
  const remark = asOf === undefined ? '' : `# ${asOf}\n`;
  return { path: 'nstack-constraints.txt', text: remark + lines.join('') };
}

/** Lines of a requirements file that say where packages are, or in which form they are wanted. */
const placeOption =
  /^\s*(?:-i|-f|--index-url|--extra-index-url|--no-index|--find-links|--trusted-host|--no-binary|--only-binary|--prefer-binary|--pre)\b/;

function requirementsFile(
  path: string,
  options: readonly string[],
  packages: readonly InstalledPackage[],
): RequirementsFile | undefined {
  if (packages.length === 0) return undefined;
  const lines = packages.map(({ name, version, url, hashes }) => {
    const digests = hashes.map((hash) => ` --hash=${hash}`);
    return `${name}${url === undefined ? '==' : ' @ '}${url ?? version}${digests.join('')}`;
  });
  return { path, text: [...options, ...lines].map((line) => `${line}\n`).join('') };
}
