import type Docker from 'dockerode';
import { buildImage } from './build-image.ts';
import { builderDesk } from './builders.ts';
import type { ContainerEngine } from './engine.ts';
import type { EngineFacts } from './engine-facts.ts';
import {
  importRoot,
  inspectImage,
  listImages,
  loadImage,
  removeImage,
  saveImage,
  seeImages,
  tagImage,
} from './images.ts';
import { instanceDesk } from './instance-desk.ts';
import { pullImage } from './pull-image.ts';
import { runTask } from './run-task.ts';
import { instanceStarter } from './start-instance.ts';
import { sweep } from './sweep.ts';

/** A Docker API client as a {@link ContainerEngine}: every operation is a file of its own. */
export function dockerEngine(docker: Docker, facts: EngineFacts): ContainerEngine {
  return Object.freeze<ContainerEngine>({
    description: facts.description,
    inspectImage: (reference) => inspectImage(docker, reference),
    seeImages: (which) => seeImages(docker, which),
    listImages: (label) => listImages(docker, label),
    buildImage: (context, options) => buildImage(docker, context, options),
    loadImage: (archive, signal) => loadImage(docker, archive, signal),
    importRoot: (rootfs, reference, changes) => importRoot(docker, rootfs, reference, changes),
    saveImage: (reference) => saveImage(docker, reference),
    tagImage: (id, reference) => tagImage(docker, id, reference),
    removeImage: (reference) => removeImage(docker, reference),
    pullImage: (reference, onProgress, signal) => pullImage(docker, reference, onProgress, signal),
    startInstance: instanceStarter(docker, facts),
    instances: instanceDesk(docker),
    runTask: (spec, take, signal) => runTask(docker, spec, take, signal),
    builders: builderDesk(docker),
    sweep: () => sweep(docker),
  });
}
