import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { baseReference } from '../../../src/builder/base/base-image.ts';
import { buildService } from '../../../src/builder/build.ts';
import type { BuildServiceOptions } from '../../../src/builder/build-subject.ts';
import { layerRecords } from '../../../src/builder/image/layer-records.ts';
import { stageLabel } from '../../../src/builder/packages/leftovers.ts';
import { packagesReference } from '../../../src/builder/packages/packages-image.ts';
import type { ContainerEngine, ImageInfo } from '../../../src/engine/index.ts';
import { labels, openService } from '../../../src/registry/index.ts';
import { probeService, type ServiceFolder, stackFor } from '../../../src/stacks/index.ts';
import { patience } from '../../support/engine.ts';

/** A name that no other test has; what is built under it is removed when the test is over. */
export function temporaryName(engine: ContainerEngine): string {
  const name = `Test${randomBytes(6).toString('hex')}`;
  onTestFinished(async () => {
    for (const { id, tags } of await engine.listImages(`${labels.name}=${name}`)) {
      for (const tag of tags) await engine.removeImage(tag);
      if (tags.length === 0) await engine.removeImage(id);
    }
  });
  return name;
}

/** nstack.yaml of a service of one function without arguments, and more lines. */
export function manifestOf(name: string, ...lines: readonly string[]): string {
  return `name: ${name}\nstack: python\napi: |\n  answer : () -> Text\n${lines.map((line) => `${line}\n`).join('')}`;
}

/** Code of that function: the text that a Python expression makes. */
export function codeOf(expression: string, ...lines: readonly string[]): string {
  return `${lines.map((line) => `${line}\n`).join('')}\n\ndef answer() -> str:\n    return ${expression}\n`;
}

/** Builds with the real probe. */
export function build(
  engine: ContainerEngine,
  folder: ServiceFolder,
  options: Partial<BuildServiceOptions> = {},
): ReturnType<typeof buildService> {
  return buildService(engine, folder, {
    signal: AbortSignal.timeout(170_000),
    onProgress: () => {},
    async probe(_engine, image, service, signal) {
      await probeService(engine, image, service, { signal });
    },
    ...options,
  });
}

/** What the built service answers. */
export async function answerOf(
  engine: ContainerEngine,
  image: string,
  folder: ServiceFolder,
): Promise<string> {
  const { peer, close } = await openService(engine, image, folder.manifest, {
    parameters: {},
    signal: patience(),
  });
  try {
    return JSON.parse(Buffer.from(await peer.call('answer', Buffer.from('[]'))).toString('utf8'));
  } finally {
    await close();
  }
}

/** The engine, and the names of the operations that were asked of it. */
export function watched(engine: ContainerEngine): {
  readonly engine: ContainerEngine;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const handler: ProxyHandler<ContainerEngine> = {
    get(target, name, receiver) {
      const value: unknown = Reflect.get(target, name, receiver);
      if (typeof value === 'function') asked.push(String(name));
      return value;
    },
  };
  return { engine: new Proxy({ ...engine }, handler), asked };
}

/** Tags of builds that are not finished, of one service. */
export async function unfinishedTags(engine: ContainerEngine, name: string): Promise<readonly string[]> {
  const images = await engine.listImages(`${labels.name}=${name}`);
  return images.flatMap(({ tags }) => tags).filter((tag) => tag.startsWith('nstack-unfinished/'));
}

/** Images of build stages that were left by this process, or by one that is gone: those of a build that goes on meanwhile are its own matter. */
export async function stagesLeft(engine: ContainerEngine): Promise<readonly string[]> {
  const owners = (await engine.listImages(stageLabel)).map((image) => image.labels[stageLabel] ?? '');
  return owners.filter((owner) => {
    const pid = Number.parseInt(owner, 10);
    return pid === process.pid || !existsSync(`/proc/${pid}`);
  });
}

/** The reference of the image that holds a service's packages alone. */
export async function packagesOf(engine: ContainerEngine, folder: ServiceFolder): Promise<string> {
  const { packages } = await stackFor(folder.manifest.stack.language).recipe(folder);
  const base = await engine.inspectImage(baseReference);
  return packagesReference(packages, base?.id ?? '');
}

/** For packages that no other service has: removes them when the test is over, so that the next run installs them again. */
export async function ownPackages(engine: ContainerEngine, folder: ServiceFolder): Promise<void> {
  const reference = await packagesOf(engine, folder);
  onTestFinished(async () => {
    const image = await engine.inspectImage(reference);
    if (image === undefined) return;
    const stages = await engine.listImages(labels.layers);
    for (const { tags } of stages.filter((stage) => isOwnStage(stage, image)))
      for (const tag of tags.filter((one) => one.startsWith('nstack/layers:'))) await engine.removeImage(tag);
  });
}

/** Whether an image is one of the layers that a service's packages are made of, and none that others share: the runtime, Debian's packages. */
function isOwnStage(stage: ImageInfo, packages: ImageInfo): boolean {
  const top = layerRecords(stage).at(-1)?.name ?? 'base';
  return !['base', 'runtime', 'os'].includes(top) && packages.layers.join().startsWith(stage.layers.join());
}
