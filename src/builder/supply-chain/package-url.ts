import type { InstalledPackage, PackageSystem } from '../../stacks/index.ts';

/** Where Debian's packages are from: `debian-13`, `amd64`. */
export interface Distribution {
  readonly distro: string;
  readonly architecture: string;
}

/** A package's name for every tool (package URL specification): `pkg:deb/debian/libsvm3@3.24%2Bds-6.1?arch=amd64&distro=debian-13`. */
export function packageUrl(
  system: PackageSystem,
  { name, version }: Pick<InstalledPackage, 'name' | 'version'>,
  { distro, architecture }: Distribution,
): string {
  const at = `@${encode(version)}`;
  switch (system) {
    case 'apt':
      return `pkg:deb/debian/${encode(name)}${at}?arch=${encode(architecture)}&distro=${encode(distro)}`;
    case 'pip':
      return `pkg:pypi/${encode(name.toLowerCase().replaceAll('_', '-'))}${at}`;
    case 'maven':
      return `pkg:maven/${name.split(':').map(encode).join('/')}${at}`;
    case 'hackage':
      return `pkg:hackage/${encode(name)}${at}`;
    default:
      return system satisfies never;
  }
}

/** The colon stays as it is, by the specification. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}
