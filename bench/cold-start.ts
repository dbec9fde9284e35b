/**
 * The cold start of an instance in each language, its image present: from the start of `openService` until `initialize` is answered, beside the
 * engine's own `docker run` of `true` in the same image; and the contract probe, start and removal of its container included. All take turns.
 *
 *   node bench/cold-start.ts [--rounds=12]
 */
import { join } from 'node:path';
import { packageRoot } from '../src/core/index.ts';
import { connectEngine } from '../src/engine/index.ts';
import { readManifest } from '../src/manifest/index.ts';
import { openService } from '../src/registry/index.ts';
import { probeService } from '../src/stacks/index.ts';
import { measure, median, numberFlag } from './support/measure.ts';
import { buildService } from './support/nstack.ts';
import { buildServices, stages } from './three-languages/stages.ts';

const rounds = numberFlag('rounds', 12);
const engine = await connectEngine();
await buildServices();
const contenders = await Promise.all(
  stages.map(async ({ language, folder }) => {
    const root = join(packageRoot(), folder);
    const { manifest, file: manifestFile } = await readManifest(root);
    const { image } = await buildService(folder);
    const taken = { bare: [], start: [], probe: [] } as Record<'bare' | 'start' | 'probe', number[]>;
    return { language, image, folder: { root, manifest, manifestFile }, taken };
  }),
);

// The first round fills the caches.
for (let round = 0; round <= rounds; round++) {
  for (const { image, folder, taken } of contenders) {
    const bare = await bareRun(image);
    const start = await coldStart(image, folder.manifest);
    const probe = await milliseconds(() =>
      probeService(engine, image, folder, { signal: AbortSignal.timeout(60_000) }),
    );
    if (round === 0) continue;
    taken.bare.push(bare);
    taken.start.push(start);
    taken.probe.push(probe);
  }
}
for (const { language, taken } of contenders) {
  const [bare, start, probe] = [taken.bare, taken.start, taken.probe].map((values) => median(values));
  if (bare === undefined || start === undefined || probe === undefined) continue;
  const least = Math.min(...taken.start);
  process.stdout.write(
    `${language.padEnd(8)} cold start ${start.toFixed(0)} ms (least ${least.toFixed(0)}), probe ${probe.toFixed(0)} ms, ` +
      `docker run of true ${bare.toFixed(0)} ms; cold start / docker run ${(start / bare).toFixed(2)}x\n`,
  );
}

async function coldStart(image: string, manifest: Parameters<typeof openService>[2]): Promise<number> {
  const signal = AbortSignal.timeout(60_000);
  const began = performance.now();
  const { close } = await openService(engine, image, manifest, { parameters: {}, signal });
  const taken = performance.now() - began;
  await close();
  return taken;
}

async function bareRun(image: string): Promise<number> {
  const options = ['--rm', '--network', 'none', '--entrypoint', '/bin/true'];
  return (await measure('docker', ['run', ...options, image])).seconds * 1000;
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
