import type { ContainerEngine, ImageInfo } from '../engine/index.ts';
import { compareVersions } from './compare-versions.ts';
import { registeredService } from './registered-service.ts';
import { labels, type RegisteredService } from './service.ts';

/**
 * Every service that is built here, by name, the newest version first. An image whose labels cannot be read is left out, and
 * `onWarning` gets one sentence about it.
 */
export async function listServices(
  engine: ContainerEngine,
  onWarning: (warning: string) => void = () => {},
): Promise<readonly RegisteredService[]> {
  const images = await engine.listImages(labels.name);
  const services = images.map((image) => readOrWarn(image, onWarning)).filter((one) => one !== undefined);
  return services.sort(
    (a, b) => Number(a.name > b.name) - Number(a.name < b.name) || compareVersions(b.version, a.version),
  );
}

function readOrWarn(image: ImageInfo, onWarning: (warning: string) => void): RegisteredService | undefined {
  try {
    return registeredService(image);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const what = image.tags[0] ?? image.id;
    onWarning(`the image ${what} is left out: ${printable(reason)}`);
    return undefined;
  }
}

/** Whoever made the image wrote what the reason quotes. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 500);
}
