import { packagesReference } from '../../src/builder/packages/packages-image.ts';
import type { ContainerEngine, ImageInfo } from '../../src/engine/index.ts';
import { type ServiceFolder, stackFor } from '../../src/stacks/index.ts';

/** Reference of the image that a service's code is compiled in; undefined where it is not compiled. The service has been built before. */
export async function toolchainOf(
  engine: ContainerEngine,
  service: ServiceFolder,
): Promise<string | undefined> {
  const { packages, compile } = await stackFor(service.manifest.stack.language).recipe(service);
  if (compile === undefined) return undefined;
  const base = await present(engine, 'nstack/base:trixie');
  if (compile.toolchain.on === 'base') return packagesReference(compile.toolchain, base.id);
  const below = await present(engine, packagesReference(packages, base.id));
  return packagesReference(compile.toolchain, below.id);
}

/** Reference of the image that holds a service's packages alone. The service has been built before. */
export async function packagesOf(engine: ContainerEngine, service: ServiceFolder): Promise<string> {
  const { packages } = await stackFor(service.manifest.stack.language).recipe(service);
  return packagesReference(packages, (await present(engine, 'nstack/base:trixie')).id);
}

async function present(engine: ContainerEngine, reference: string): Promise<ImageInfo> {
  const image = await engine.inspectImage(reference);
  if (image === undefined) throw new Error(`there is no image ${reference}`);
  return image;
}
