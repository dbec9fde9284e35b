import { compareVersions, parseVersion } from './compare-versions.ts';

/*
 * A line holds the versions that promise to do for each other by Semantic Versioning 2.0.0: those of one major number, and before 1.0.0, where
 * that promises nothing, those of one minor number, as package managers have it.
 */

/** Whether two versions are of one line: the newer promises to break nobody who uses the older. */
export function sameLine(a: string, b: string): boolean {
  const [left, right] = [lineOf(a), lineOf(b)];
  return left !== undefined && left === right;
}

/** The first version of the next line: after 1.4.2 it is 2.0.0, after 0.3.1 it is 0.4.0. The text itself where it is no version. */
export function nextLine(version: string): string {
  const [major = '0', minor = '0'] = parseVersion(version)?.numbers ?? [];
  if (parseVersion(version) === undefined) return version;
  return major === '0' ? `0.${BigInt(minor) + 1n}.0` : `${BigInt(major) + 1n}.0.0`;
}

/** Whether it has a label, as 1.2.0-SNAPSHOT and 2.0.0-rc.1 have: such a version promises nothing yet. */
export function isPreRelease(version: string): boolean {
  return (parseVersion(version)?.labels.length ?? 0) > 0;
}

/** The version that a new one is measured by: the newest release of its line that is lower; undefined where there is none. */
export function predecessor(version: string, published: readonly string[]): string | undefined {
  return published
    .filter((one) => sameLine(one, version) && !isPreRelease(one) && compareVersions(one, version) < 0)
    .toSorted(compareVersions)
    .at(-1);
}

function lineOf(version: string): string | undefined {
  const [major, minor] = parseVersion(version)?.numbers ?? [];
  return major === '0' ? `0.${minor}` : major;
}
