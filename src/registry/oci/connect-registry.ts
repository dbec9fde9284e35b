import type { Pauses } from '../../core/index.ts';
import type { Credentials } from './credentials.ts';
import { listRepositories, listTags } from './listing.ts';
import { readManifest, resolveManifest, storeManifest } from './manifests.ts';
import type { OciRegistry, OutgoingBlob } from './oci-registry.ts';
import { hasBlob, pushBlob } from './push-blob.ts';
import { readBlob } from './read-blob.ts';
import { attachArtifact, listReferrers } from './referrers.ts';
import { registryCredentials } from './registry-credentials.ts';
import { createRequests } from './registry-requests.ts';

export interface RegistryOptions {
  /** Who we are; left out, what `docker login` has kept. */
  readonly credentials?: Credentials;
  /** Ends whatever is asked. */
  readonly signal: AbortSignal;
  /** Names of proxies, certificate authorities and Docker's folder; process.env by default. */
  readonly env?: NodeJS.ProcessEnv;
  /** One sentence on each pause before another try. */
  readonly onProgress?: (text: string) => void;
  /** Between tries; tests alone set it. */
  readonly pauses?: Pauses;
  /** Milliseconds without a byte after which a connection counts as broken; tests alone set it. */
  readonly silence?: number;
}

const usualPauses: Pauses = { first: 300, longest: 10_000, jitter: 0.3 };
const usualSilence = 60_000;

/** The registry at a host (`registry.example.com`, `localhost:5000`). Nothing is asked before it has to be: see {@link OciRegistry} for what its methods fail with. */
export function connectRegistry(host: string, options: RegistryOptions): OciRegistry {
  const { signal, env = process.env, pauses = usualPauses } = options;
  let login: Promise<Credentials | undefined> | undefined;
  const ask = createRequests(host, {
    credentials() {
      login ??=
        options.credentials === undefined
          ? registryCredentials(host, signal, env)
          : Promise.resolve(options.credentials);
      return login;
    },
    env,
    signal,
    pauses,
    silence: options.silence ?? usualSilence,
    onWait: options.onProgress ?? (() => {}),
  });
  const registry = { host, ask };
  const patience = { signal, pauses };
  // Two at a time would each overwrite what the other has added where a tag stands in for the referrers API.
  let attaching: Promise<unknown> = Promise.resolve();

  return {
    host,
    resolve: (repository, reference) => resolveManifest(registry, repository, reference),
    manifest: (repository, reference) => readManifest(registry, repository, reference),
    hasBlob: (repository, digest) => hasBlob(registry, repository, digest),
    blob: (repository, blob) => readBlob(registry, repository, blob, patience),
    pushBlob: (repository, blob, how = {}) => pushBlob(registry, repository, blob, how, patience),
    async putManifest(repository, reference, bytes, mediaType) {
      const { descriptor } = await storeManifest(registry, repository, reference, bytes, mediaType);
      return descriptor;
    },
    tags: (repository) => listTags(registry, repository),
    repositories: (prefix) => listRepositories(registry, prefix),
    referrers: (repository, digest, type) => listReferrers(registry, repository, digest, type),
    attach(repository, subject, artifact) {
      const push = (blob: OutgoingBlob) => pushBlob(registry, repository, blob, {}, patience);
      const attached = attaching.then(() => attachArtifact(registry, repository, subject, artifact, push));
      attaching = attached.catch(() => {});
      return attached;
    },
  };
}
