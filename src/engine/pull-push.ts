import type Docker from 'dockerode';
import { NstackError } from '../core/index.ts';
import { engineFailure, engineMessage, httpStatus } from './docker-failure.ts';
import type { EngineProgress } from './engine.ts';
import { type EngineEvent, engineEvents, eventError } from './engine-events.ts';
import { splitReference } from './image-reference.ts';

export async function pullImage(
  docker: Docker,
  reference: string,
  onProgress: EngineProgress,
  signal: AbortSignal,
): Promise<void> {
  const { repository, tag } = splitReference(reference);
  await transfer(`pull ${reference}`, reference, signal, onProgress, () =>
    docker.createImage({ fromImage: repository, tag, abortSignal: signal }),
  );
}

/** Pushes a tag and answers the digest of the manifest that the registry now holds. */
export async function pushImage(
  docker: Docker,
  reference: string,
  auth: { readonly username: string; readonly password: string } | undefined,
  onProgress: EngineProgress,
  signal: AbortSignal,
): Promise<string> {
  const { repository, tag } = splitReference(reference);
  // Engines before 23 refuse a push without the header, so an anonymous one carries empty credentials.
  const authconfig = { username: '', password: '', ...auth, serveraddress: registryOf(repository) };
  const digest = await transfer(`push ${reference}`, reference, signal, onProgress, () =>
    docker.getImage(repository).push({ tag, authconfig, abortSignal: signal }),
  );
  if (digest !== undefined) return digest;
  throw new NstackError('registry-unavailable', `the registry did not confirm the push of ${reference}`);
}

async function transfer(
  doing: string,
  reference: string,
  signal: AbortSignal,
  onProgress: EngineProgress,
  start: () => Promise<NodeJS.ReadableStream>,
): Promise<string | undefined> {
  let digest: string | undefined;
  try {
    signal.throwIfAborted();
    for await (const event of engineEvents(await start())) {
      const message = eventError(event);
      if (message !== undefined) throw registryFailure(doing, reference, message);
      digest = event.aux?.Digest ?? digest;
      show(event, onProgress);
    }
  } catch (error) {
    if (error instanceof NstackError || signal.aborted || httpStatus(error) === undefined) {
      throw engineFailure(doing, error, { signal });
    }
    throw registryFailure(doing, reference, engineMessage(error), error);
  }
  return digest;
}

function show({ status, id, progressDetail }: EngineEvent, onProgress: EngineProgress): void {
  if (status === undefined) return;
  const text = id === undefined ? status : `${id}: ${status}`;
  const { current: done, total } = progressDetail ?? {};
  if (done === undefined) onProgress({ kind: 'text', text });
  else onProgress({ kind: 'bytes', text, done, ...(total === undefined ? {} : { total }) });
}

/** Engines pass on what the registry, or the network before it, said: the only thing to go by is its words. */
function registryFailure(doing: string, reference: string, message: string, cause?: unknown): NstackError {
  const options = cause === undefined ? {} : { cause };
  const registry = registryOf(splitReference(reference).repository);
  if (/unauthorized|authentication required|no basic auth credentials|denied|forbidden/i.test(message)) {
    return new NstackError('permission', `the registry ${registry} refused to ${doing}: ${message}`, {
      ...options,
      hint: 'Check the user name and password, and whether that user may do this.',
    });
  }
  if (/manifest unknown|not found|does not exist|no such image|repository name not known/i.test(message)) {
    return new NstackError('service-unknown', `cannot ${doing}: ${message}`, options);
  }
  return new NstackError('registry-unavailable', `cannot ${doing}: ${message}`, {
    ...options,
    hint: `Check that ${registry} can be reached from the machine that the container engine runs on.`,
  });
}

/** The first part names a registry where it holds a dot or a port or is localhost; anything else is on Docker Hub. */
function registryOf(repository: string): string {
  const [first = ''] = repository.split('/');
  return repository.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
