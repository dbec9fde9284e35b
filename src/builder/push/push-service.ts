import { NstackError } from '../../core/index.ts';
import type { ContainerEngine } from '../../engine/index.ts';
import {
  connectRegistry,
  findService,
  parseRegistryPlace,
  type RegisteredService,
  repositoryOf,
} from '../../registry/index.ts';
import { registryCredentials } from '../../registry/oci/registry-credentials.ts';
import { type ProgressListener, runStep } from '../progress.ts';
import { isRelease } from '../up-to-date.ts';

export interface PushResult {
  readonly service: RegisteredService;
  /** Where it is now: `registry.example.com/team/clickanalytics:1.2.0`. */
  readonly reference: string;
  /** Digest of the manifest that the registry holds. */
  readonly digest: string;
  /** False: the registry had this very release already. */
  readonly pushed: boolean;
}

/**
 * Pushes a built service to `target`, a registry and perhaps a path in it (`localhost:5000/team`), through the engine, with what `docker login` keeps.
 * Fails with `release-exists` where the registry holds another image of that release, `service-unknown`, `permission`, or `registry-unavailable`.
 */
export async function pushService(
  engine: ContainerEngine,
  name: string,
  target: string,
  { onProgress, signal }: { readonly onProgress: ProgressListener; readonly signal: AbortSignal },
): Promise<PushResult> {
  const service = await findService(engine, name);
  const place = parseRegistryPlace(target);
  const registry = place.host;
  const repository = repositoryOf(place, service.name);
  const reference = `${registry}/${repository}:${service.version}`;
  const credentials = await registryCredentials(registry, signal);
  if (isRelease(service.version)) {
    const there = await connectRegistry(registry, { signal }).manifest(repository, service.version);
    if (there !== undefined) {
      const { config } = JSON.parse(Buffer.from(there.bytes).toString('utf8'));
      if (config?.digest !== service.imageId) throw releaseExists(service, reference);
      return { service, reference, digest: there.descriptor.digest, pushed: false };
    }
  }
  // A tag that the user has made is not ours to remove.
  const tagged = (await engine.inspectImage(reference)) !== undefined;
  try {
    await engine.tagImage(service.imageId, reference);
    const digest = await runStep(`push ${reference}`, { onProgress }, (detail) =>
      engine.pushImage(
        reference,
        credentials?.kind === 'password' ? credentials : undefined,
        ({ text }) => detail(text),
        signal,
      ),
    );
    return { service, reference, digest, pushed: true };
  } finally {
    if (!tagged) await engine.removeImage(reference);
  }
}

function releaseExists({ name, version }: RegisteredService, reference: string): NstackError {
  return new NstackError(
    'release-exists',
    `the registry holds another image as ${reference}, and a release never changes`,
    {
      hint: `raise \`version\` of ${name} in nstack.yaml, build it and push that; ${version} there stays what it is`,
    },
  );
}
