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
  const doing = `pull ${reference}`;
  try {
    signal.throwIfAborted();
    const events = await docker.createImage({ fromImage: repository, tag, abortSignal: signal });
    for await (const event of engineEvents(events)) {
      const message = eventError(event);
      if (message !== undefined) throw registryFailure(doing, reference, message);
      show(event, onProgress);
    }
  } catch (error) {
    if (error instanceof NstackError || signal.aborted || httpStatus(error) === undefined) {
      throw engineFailure(doing, error, { signal });
    }
    throw registryFailure(doing, reference, engineMessage(error), error);
  }
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
