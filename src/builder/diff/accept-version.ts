import { NstackError } from '../../core/index.ts';
import type { Manifest } from '../../manifest/index.ts';
import { isPreRelease, predecessor } from '../../registry/index.ts';
import { diffServices, type ServiceDiff } from './diff-services.ts';
import { changeWords } from './diff-words.ts';
import { factsOf } from './service-facts.ts';

/** What is about to be published, as its image's labels tell. */
export interface NewVersion {
  readonly version: string;
  readonly manifest: Manifest;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a registry holds of that service. */
export interface PublishedVersions<T extends NewVersion> {
  versions(): Promise<readonly string[]>;
  service(version: string): Promise<T | undefined>;
}

/** A new version beside the one that it is measured by. */
export interface Succession<T extends NewVersion> {
  readonly former: T;
  readonly diff: ServiceDiff;
}

/**
 * Compares a new version with the newest lower release of its line (the same major number, before 1.0.0 the same minor number). Undefined where there is
 * none: it promises nothing to anybody.
 */
export async function succession<T extends NewVersion>(
  { version, manifest, labels }: NewVersion,
  published: PublishedVersions<T>,
): Promise<Succession<T> | undefined> {
  const lower = predecessor(version, await published.versions());
  const former = lower === undefined ? undefined : await published.service(lower);
  if (former === undefined) return undefined;
  const before = factsOf('published', former.manifest, former.labels);
  return { former, diff: diffServices(before, factsOf('to be pushed', manifest, labels)) };
}

/**
 * Refuses a release that breaks users of the one before it under a version number which promises that it does not: fails with `breaking-change`, naming the
 * changes and the way out. What may break all the same, a snapshot or what is allowed, is told to `onNote`.
 */
export function refuseBreaking(
  { diff: { before, after, changes, neededVersion } }: Pick<Succession<NewVersion>, 'diff'>,
  { allowed, onNote }: { readonly allowed: boolean; readonly onNote: (line: string) => void },
): void {
  if (neededVersion === undefined) return;
  const breaking = changes.filter(({ severity }) => severity === 'breaking');
  const what = `${after.name} ${after.version} breaks users of ${before.version}, which is published`;
  const lines = changeWords(breaking);
  if (allowed || isPreRelease(after.version)) {
    const instead = isPreRelease(after.version) ? `; its release would be ${neededVersion}` : '';
    for (const line of [`note: ${what}${instead}:`, ...lines.map((each) => `  ${each}`)]) onNote(line);
    return;
  }
  throw new NstackError('breaking-change', `${what}, and ${after.version} promises that it does not`, {
    hint: [
      ...lines,
      `Write \`version: ${neededVersion}\` in nstack.yaml and build it, take the change back, or push it all the same: --allow-breaking.`,
    ].join('\n'),
  });
}
