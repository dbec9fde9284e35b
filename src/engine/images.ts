import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { NstackError } from '../core/index.ts';
import { ask, engineFailure, engineMessage, httpStatus } from './docker-failure.ts';
import type { ContainerEngine, ImageInfo, SeenImage } from './engine.ts';
import { engineEvents, eventError, readToEnd } from './engine-events.ts';
import { splitReference } from './image-reference.ts';
import { imageFilters, seenImage } from './see-images.ts';

export async function inspectImage(docker: Docker, reference: string): Promise<ImageInfo | undefined> {
  return await ask(`inspect the image ${reference}`, async () => {
    try {
      return imageInfo(await docker.getImage(reference).inspect());
    } catch (error) {
      if (httpStatus(error) === 404) return undefined;
      throw error;
    }
  });
}

export async function seeImages(
  docker: Docker,
  which: Parameters<ContainerEngine['seeImages']>[0],
): Promise<readonly SeenImage[]> {
  const images = await ask('list images', () => docker.listImages({ filters: imageFilters(which) }));
  return images.map(seenImage);
}

export async function listImages(docker: Docker, label: string): Promise<readonly ImageInfo[]> {
  const doing = `list the images that carry ${label}`;
  const images = await ask(doing, () => docker.listImages({ filters: { label: [label] } }));
  const found = await Promise.all(images.map(({ Id }) => inspectImage(docker, Id)));
  // One that vanished between the two questions is no longer there.
  return found.filter((image) => image !== undefined);
}

/** Loads a `docker save` archive. The engine answers 200 before it has read it: failures stand in the stream. */
export async function loadImage(docker: Docker, archive: Readable, signal: AbortSignal): Promise<void> {
  const doing = 'load an image archive';
  try {
    signal.throwIfAborted();
    const answer = await docker.loadImage(archive, { abortSignal: signal });
    await readToEnd(answer, doing);
  } catch (error) {
    throw archiveFailure(doing, archive, error, signal);
  } finally {
    archive.destroy();
  }
}

/** Imports a root file system; answers the image id. `changes` are Dockerfile instructions, such as `ENV A=b`. */
export async function importRoot(
  docker: Docker,
  rootfs: Readable,
  reference: string,
  changes: readonly string[],
): Promise<string> {
  const doing = `import a root file system as ${reference}`;
  const { repository, tag } = splitReference(reference);
  try {
    let id: string | undefined;
    // The engine joins several `changes` with line ends, and the client cannot send a parameter twice.
    const answer = await docker.importImage(rootfs, {
      repo: repository,
      tag,
      ...(changes.length === 0 ? {} : { changes: changes.join('\n') }),
    });
    for await (const event of engineEvents(answer)) {
      const message = eventError(event);
      if (message !== undefined) {
        throw new NstackError('build-failed', `the container engine could not ${doing}: ${message}`);
      }
      if (event.status?.startsWith('sha256:') === true) id = event.status.trim();
    }
    if (id !== undefined) return id;
    throw new NstackError('build-failed', `the container engine did not say which image ${reference} became`);
  } catch (error) {
    throw archiveFailure(doing, rootfs, error);
  } finally {
    rootfs.destroy();
  }
}

export async function saveImage(docker: Docker, reference: string): Promise<Readable> {
  const answer = await ask(`save the image ${reference}`, () => docker.getImage(reference).get(), {
    refused: 'service-unknown',
  });
  return answer as Readable;
}

export async function tagImage(docker: Docker, id: string, reference: string): Promise<void> {
  const { repository, tag } = splitReference(reference);
  await ask(`tag ${id} as ${reference}`, () => docker.getImage(id).tag({ repo: repository, tag }), {
    refused: 'service-unknown',
  });
}

export async function removeImage(docker: Docker, reference: string): Promise<void> {
  try {
    await docker.getImage(reference).remove();
  } catch (error) {
    const status = httpStatus(error);
    if (status === 404) return;
    if (status !== 409) throw engineFailure(`remove the image ${reference}`, error);
    throw new NstackError('usage', `the image ${reference} is in use: ${engineMessage(error)}`, {
      cause: error,
      hint: 'Stop the workflows that run it first: `docker ps` lists their instances.',
    });
  }
}

function imageInfo(image: Docker.ImageInspectInfo): ImageInfo {
  return Object.freeze<ImageInfo>({
    id: image.Id,
    // An image without a tag has null here, whatever the types of the client say.
    tags: image.RepoTags ?? [],
    labels: image.Config?.Labels ?? {},
    layers: image.RootFS?.Layers ?? [],
    size: image.Size,
    created: image.Created,
    config: { ...image.Config },
  });
}

/** A stream that broke by itself explains more than the request that broke with it. */
function archiveFailure(doing: string, archive: Readable, error: unknown, signal?: AbortSignal): NstackError {
  const own = archive.errored;
  if (own !== null && signal?.aborted !== true) {
    return own instanceof NstackError
      ? own
      : new NstackError('build-failed', `cannot ${doing}: ${own.message}`, { cause: own });
  }
  return engineFailure(doing, error, {
    refused: 'build-failed',
    failed: 'build-failed',
    ...(signal === undefined ? {} : { signal }),
  });
}
