import { type Artifact, artifactDigest, type Descriptor, type OciRegistry } from '../../registry/index.ts';

/** Attaches what the image does not have attached yet; answers how many that were. */
export async function attachArtifacts(
  registry: OciRegistry,
  repository: string,
  subject: Descriptor,
  artifacts: readonly Artifact[],
): Promise<number> {
  if (artifacts.length === 0) return 0;
  const there = new Set((await registry.referrers(repository, subject.digest)).map(({ digest }) => digest));
  const missing = artifacts.filter((artifact) => !there.has(artifactDigest(subject, artifact)));
  for (const artifact of missing) await registry.attach(repository, subject, artifact);
  return missing.length;
}
