/**
 * What nstack adds to an image: of a service in each language without packages of its own, the layers over those of the language's packages, and
 * the whole over the base. Bytes are those of the files in the layers, as the engine counts them; the author's code, a few kilobytes, is among
 * them. Goals: Python 1 MB, Java 3 MB over the packages; Haskell 15 MB over the base.
 *
 *   node bench/image-size.ts
 */
import Docker from 'dockerode';
import { buildService } from './support/nstack.ts';
import { buildServices, stages } from './three-languages/stages.ts';

/** Layers that are not nstack's own. */
const ofPackages = ['base', 'runtime', 'os', 'language', 'commands'];

const docker = new Docker();
await buildServices();
const base = (await docker.getImage('nstack/base:trixie').inspect()).Size;

for (const { language, folder } of stages) {
  const { image } = await buildService(folder);
  const layers = await layersOf(image);
  const own = layers.filter(({ name }) => !ofPackages.includes(name));
  const added = sum(own);
  const whole = sum(layers) - base;
  const parts = own.map(({ name, size }) => `${name} ${megabytes(size)}`).join(', ');
  process.stdout.write(
    `${language.padEnd(8)} over the packages ${megabytes(added)} MB (${parts}), over the base ${megabytes(whole)} MB\n`,
  );
}

interface ImageLayer {
  /** As the builder calls it: `base`, `runtime`, ..., `shim`, `code`. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

/** The image's history says of each layer what it is, the first layer first. */
async function layersOf(image: string): Promise<readonly ImageLayer[]> {
  const history: { readonly CreatedBy: string; readonly Size: number }[] = await docker
    .getImage(image)
    .history();
  return history
    .map(({ CreatedBy, Size }) => ({ name: CreatedBy.replace('nstack: ', ''), size: Size }))
    .reverse();
}

function sum(layers: readonly ImageLayer[]): number {
  return layers.reduce((total, { size }) => total + size, 0);
}

function megabytes(size: number): string {
  return (size / 1e6).toFixed(2);
}
