import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { onTestFinished } from 'vitest';
import { baseReference, ensureBaseImage } from '../../src/builder/base/base-image.ts';
import {
  type BuildOptions,
  type ConnectOptions,
  type ContainerEngine,
  connectEngine,
  type Instance,
  type InstanceExit,
  type InstanceSpec,
} from '../../src/engine/index.ts';

/** The engine of this machine, with the base image in it. */
export async function testEngine(options?: ConnectOptions): Promise<ContainerEngine> {
  const engine = await connectEngine(options);
  await ensureBaseImage(engine, { onProgress: () => {}, signal: AbortSignal.timeout(240_000) });
  return engine;
}

/** Long enough for a loaded machine; a test that waits for it has failed. */
export function patience(): AbortSignal {
  return AbortSignal.timeout(60_000);
}

/** A service that runs a shell script in the base image. */
export function shellService(script: string, changes: Partial<InstanceSpec> = {}): InstanceSpec {
  return {
    image: baseReference,
    service: 'Shell',
    env: {},
    limits: { memory: 128 * 1024 * 1024, cpu: 1, pids: 64 },
    network: 'none',
    entrypoint: ['/bin/sh', '-c', script],
    ...changes,
  };
}

/** Starts an instance that is removed when the test is over. */
export async function startShell(
  engine: ContainerEngine,
  script: string,
  changes?: Partial<InstanceSpec>,
): Promise<Instance> {
  const instance = await engine.startInstance(shellService(script, changes), patience());
  onTestFinished(() => instance.remove());
  return instance;
}

/** Runs a script to its end: what it wrote, and how it ended. */
export async function runShell(
  engine: ContainerEngine,
  script: string,
  changes?: Partial<InstanceSpec>,
): Promise<InstanceExit & { readonly output: string; readonly log: string }> {
  const instance = await startShell(engine, script, changes);
  const [output, log, exit] = await Promise.all([text(instance.output), text(instance.log), instance.exited]);
  return { ...exit, output, log };
}

/** A tar archive of a few files. */
export function tarOf(files: Readonly<Record<string, string | Uint8Array>>): Readable {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, Buffer.from(content));
  archive.finalize();
  return Readable.from(archive);
}

/** Builds a Dockerfile that needs no context; answers the image id. */
export async function buildFrom(
  engine: ContainerEngine,
  dockerfile: string,
  options: Partial<BuildOptions> = {},
): Promise<string> {
  return await engine.buildImage(tarOf({ Dockerfile: dockerfile }), {
    buildArgs: {},
    labels: {},
    network: 'none',
    onProgress: () => {},
    signal: patience(),
    ...options,
  });
}

/** A tag that no other test has; whatever bears it is removed when the test is over. */
export function temporaryTag(engine: ContainerEngine, registry = ''): string {
  const tag = `${registry}nstack-test/${randomBytes(6).toString('hex')}:1`;
  onTestFinished(() => engine.removeImage(tag));
  return tag;
}

/** An image of one small file, unlike any other, with the labels given. */
export async function tinyImage(
  engine: ContainerEngine,
  reference: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<string> {
  const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}=${JSON.stringify(value)}`);
  return await engine.importRoot(tarOf({ 'file.txt': randomBytes(32) }), reference, changes);
}
