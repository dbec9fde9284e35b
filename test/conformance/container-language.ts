import { join } from 'node:path';
import { buildService } from '../../src/builder/index.ts';
import { packageRoot } from '../../src/core/index.ts';
import type { ContainerEngine, Instance } from '../../src/engine/index.ts';
import { readManifest } from '../../src/manifest/index.ts';
import { imageReference } from '../../src/registry/index.ts';
import { probeService } from '../../src/stacks/index.ts';
import { patience, testEngine } from '../support/engine.ts';
import { docker } from '../support/nstack.ts';
import type { FixtureService, Gate, LanguageAdapter } from './language-adapter.ts';

const services: readonly FixtureService[] = ['values', 'behaviour', 'conformance'];

/** A language whose services have to be compiled: they are built as every service is, and run in the sandbox. */
export function containerLanguage(name: string, inexpressible: ReadonlySet<string>): LanguageAdapter {
  let engine: ContainerEngine | undefined;
  return {
    name,
    inexpressible,
    async prepare() {
      engine = await testEngine();
      for (const service of services) await build(engine, name, service);
    },
    async start(service) {
      if (engine === undefined) throw new Error(`${name} has not been prepared`);
      const { manifest } = await fixture(name, service);
      const { memory, cpu, pids } = manifest.limits;
      const spec = {
        image: imageReference(manifest.name, manifest.version),
        service: manifest.name,
        env: {},
        limits: { memory, cpu, pids },
        network: 'none',
      } as const;
      return running(await engine.startInstance(spec, patience()));
    },
  };
}

function running(instance: Instance) {
  const { id, input, output, log } = instance;
  const exited = instance.exited.then(async ({ code }) => {
    await instance.remove();
    return code ?? 'SIGKILL';
  });
  return {
    input,
    output,
    log,
    exited,
    settled: () => instance.settled(),
    signal: (signal: NodeJS.Signals) => void docker('kill', '--signal', signal, id).catch(() => {}),
    kill: () => void instance.kill(),
    createGate: () => createGate(id),
  };
}

/** In the instance's own /tmp, which nobody else sees. */
async function createGate(container: string): Promise<Gate> {
  const path = '/tmp/gate';
  await docker('exec', container, 'mkfifo', path);
  return {
    path,
    open: async (word) =>
      void (await docker('exec', container, 'sh', '-c', 'printf %s "$1" >"$2"', 'sh', word, path)),
    // It goes with the instance.
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The fixture under a name of its language's, since the name says which image it is. */
async function fixture(language: string, service: FixtureService) {
  const root = join(packageRoot(), `test/fixtures/services/${language}-${service}`);
  const { manifest } = await readManifest(root);
  const manifestFile = join(root, 'nstack.yaml');
  return { root, manifest: { ...manifest, name: `${manifest.name}.${language}` }, manifestFile };
}

async function build(engine: ContainerEngine, language: string, service: FixtureService): Promise<void> {
  await buildService(engine, await fixture(language, service), {
    signal: AbortSignal.timeout(280_000),
    onProgress: () => {},
    async probe(_engine, image, folder, signal) {
      await probeService(engine, image, folder, { signal });
    },
  });
}
