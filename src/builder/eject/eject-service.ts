import { NstackError } from '../../core/index.ts';
import type { ContainerEngine, ImageInfo } from '../../engine/index.ts';
import type { RegisteredService } from '../../registry/index.ts';
import { labels } from '../../registry/index.ts';
import {
  type InstalledPackages,
  type PackageRecipe,
  type ServiceFolder,
  stackFor,
} from '../../stacks/index.ts';
import { baseReference, upstreamBase } from '../base/base-image.ts';
import { presentBase } from '../base/present-base.ts';
import { buildService } from '../build.ts';
import type { BuildServiceOptions } from '../build-subject.ts';
import { cacheFolder } from '../cache-folder.ts';
import { sameAsked } from '../lock/lock-plan.ts';
import { readLock } from '../lock/read-lock.ts';
import { wantedOf } from '../lock/wanted.ts';
import { debianIndex } from '../packages/debian-index.ts';
import { readHostNetwork } from '../packages/host-network.ts';
import { type EjectedConfig, ejectedContext } from './ejected-context.ts';
import { mountedSecrets, mountSecrets } from './mount-secrets.ts';
import { readme } from './readme.ts';
import { withSharedTools } from './with-shared-tools.ts';
import { writeEjected } from './write-ejected.ts';

export interface EjectOptions extends BuildServiceOptions {
  /** Absolute path of the folder that the context is written to. */
  readonly to: string;
  /** Write though the folder is not empty. */
  readonly replace: boolean;
}

/**
 * Writes a Dockerfile and its context that make the image of a service without nstack. The service is built first where it is not, or not as its folder stands: what the image
 * says of itself is taken over. Fails with what {@link buildService} and {@link writeEjected} fail with.
 */
export async function ejectService(
  engine: ContainerEngine,
  folder: ServiceFolder,
  options: EjectOptions,
): Promise<RegisteredService> {
  const { service } = await buildService(engine, folder, options);
  const [image, below, recipe] = await Promise.all([
    engine.inspectImage(service.image),
    presentBase(engine, folder),
    stackFor(folder.manifest.stack.language).recipe(folder),
  ]);
  if (image === undefined || below === undefined)
    throw new NstackError('service-unknown', `${service.image} was removed while it was to be ejected`);
  const [render, lock] = await Promise.all([renderer(engine, folder, options), readLock(folder)]);
  // A lock of what was asked for earlier says nothing of what is asked for now.
  const locked = lock !== undefined && sameAsked(lock, wantedOf(recipe)) ? lock : undefined;
  const needed = below.parent === undefined || recipe.packages.adds;
  const context = ejectedContext({
    title: `${service.name} ${service.version}`,
    recipe,
    base: upstreamBase,
    parent: below.parent?.service.image,
    packages: needed ? await render(recipe.packages, locked?.packages) : undefined,
    toolchain:
      recipe.compile === undefined ? undefined : await render(recipe.compile.toolchain, locked?.toolchain),
    config: configOf(image),
  });
  const text = readme(service, {
    context,
    parent: below.parent?.service,
    base: baseReference,
    secrets: mountedSecrets(context.dockerfile, folder.manifest),
  });
  const file = { path: 'README.md', content: Buffer.from(text), mode: 0o644 };
  await writeEjected(options.to, { ...context, files: [...context.files, file] }, { force: options.replace });
  return service;
}

/** What templates are rendered to stand on, until they have their place. */
const belowName = 'nstack-below';

/** Renders recipes without anything of this machine: whoever builds gives certificate authorities of their own. */
async function renderer(
  engine: ContainerEngine,
  folder: ServiceFolder,
  { onProgress, signal }: EjectOptions,
) {
  const [network, cache, base] = await Promise.all([
    readHostNetwork(),
    cacheFolder(),
    engine.inspectImage(baseReference),
  ]);
  const index = () =>
    debianIndex(engine, {
      base: { reference: baseReference, id: base?.id ?? '' },
      folder: cache,
      network,
      onLine: (text) => onProgress({ kind: 'detail', text }),
      signal,
    });
  // A blank stands for certificates that are there perhaps.
  return async (recipe: PackageRecipe, locked: InstalledPackages | undefined) => {
    const rendered = await recipe.render({
      base: belowName,
      index,
      certificates: ' ',
      ...(locked === undefined ? {} : { locked }),
    });
    const { dockerfile, files } = withSharedTools(rendered, recipe.shared ?? {}, belowName);
    return { dockerfile: await mountSecrets(dockerfile, folder), files };
  };
}

/** The layers' digests are those of the image that nstack built. */
const leftOut: ReadonlySet<string> = new Set([labels.layers]);

function configOf({ config, labels: own }: ImageInfo): EjectedConfig {
  const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);
  return {
    User: String(config.User),
    WorkingDir: String(config.WorkingDir),
    Entrypoint: list(config.Entrypoint),
    Env: list(config.Env),
    Labels: Object.fromEntries(
      Object.entries(own)
        .filter(([name]) => !leftOut.has(name))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}
