import type { ContainerEngine } from '../../engine/index.ts';
import type { Artifact } from '../../registry/index.ts';
import { buildLabels } from '../build-label-names.ts';
import { debianPackages } from './base-packages.ts';
import { billOfMaterials, billType } from './bill-of-materials.ts';
import { ciRun } from './ci-run.ts';
import type { ImageFacts } from './image-facts.ts';
import { type ProvenanceInputs, provenance, provenanceType, statementOf } from './provenance.ts';

/** What is told of an image beside the image: what it is made of, and how it came about. */
export interface Attestation {
  readonly predicateType: string;
  /** What goes in a registry as it is, unsigned. */
  readonly artifact: Artifact;
  /** What is signed: a statement about the image. */
  readonly statement: Buffer;
}

export interface AttestationInputs {
  readonly facts: ImageFacts;
  /** The image in its registry, without a tag: `registry.example.com/team/clickanalytics`. */
  readonly repository: string;
  /** Digest of the manifest there. */
  readonly digest: string;
  readonly origin: ProvenanceInputs['origin'];
  readonly nstackVersion: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheFolder: string;
  /** Called where the base's packages have never been asked for on this machine. */
  readonly connect: () => Promise<ContainerEngine>;
  readonly signal: AbortSignal;
}

const inToto = 'application/vnd.in-toto+json';

/** The bill of materials and the provenance of an image in a registry. Fails as {@link debianPackages} does. */
export async function attestations(inputs: AttestationInputs): Promise<readonly Attestation[]> {
  const { facts, repository, digest, origin, nstackVersion, env } = inputs;
  const base = await basePackages(inputs);
  const bill = billOfMaterials(facts, base);
  const parts = { facts, origin, nstackVersion, run: ciRun(env), distro: base.distro };
  const how = provenance({ ...parts, base: facts.labels[buildLabels.base] });
  const statement = statementOf(repository, digest, provenanceType, how);
  const annotations = { 'org.opencontainers.image.created': facts.created };
  const artifact = (artifactType: string, mediaType: string, content: Uint8Array, more = {}): Artifact => ({
    artifactType,
    mediaType,
    content,
    annotations: { ...annotations, ...more },
  });
  const billPredicate = 'https://cyclonedx.org/bom';
  return [
    {
      predicateType: billPredicate,
      artifact: artifact(billType, billType, Buffer.from(bill)),
      statement: statementOf(repository, digest, billPredicate, JSON.parse(bill)),
    },
    {
      predicateType: provenanceType,
      artifact: artifact(inToto, inToto, statement, { 'in-toto.io/predicate-type': provenanceType }),
      statement,
    },
  ];
}

/** Debian's packages below the service's own: of its base where that is here, otherwise of the image itself. */
export async function basePackages({
  facts,
  ...options
}: Pick<AttestationInputs, 'facts' | 'cacheFolder' | 'connect' | 'signal'>): ReturnType<
  typeof debianPackages
> {
  const base = facts.labels[buildLabels.base];
  if (base === undefined) return debianPackages({ ...options, imageId: facts.imageId });
  return debianPackages({ ...options, imageId: base }).catch(async (error: unknown) => {
    options.signal.throwIfAborted();
    const engine = await options.connect();
    if ((await engine.inspectImage(base)) !== undefined) throw error;
    return debianPackages({ ...options, imageId: facts.imageId });
  });
}
