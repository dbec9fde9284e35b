import type { Artifact, Descriptor, OciRegistry } from '../../registry/index.ts';

/** Attaches what the image has none of its kind attached yet: a later push of the same image tells nothing new. Answers how many that were. */
export async function attachArtifacts(
  registry: OciRegistry,
  repository: string,
  subject: Descriptor,
  artifacts: readonly Artifact[],
): Promise<number> {
  if (artifacts.length === 0) return 0;
  const there = new Set(
    (await registry.referrers(repository, subject.digest)).map((one) => one.artifactType),
  );
  const missing = artifacts.filter(({ artifactType }) => !there.has(artifactType));
  for (const artifact of missing) await registry.attach(repository, subject, artifact);
  return missing.length;
}
