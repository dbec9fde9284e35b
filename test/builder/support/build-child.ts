import { buildService } from '../../../src/builder/build.ts';
import { connectEngine } from '../../../src/engine/index.ts';
import { readManifest } from '../../../src/manifest/index.ts';
import { probeService } from '../../../src/stacks/index.ts';

/** Builds the service in the folder that its argument names, in a process that a test may kill. Says each step as a line, and `instance` when one runs. */
const root = process.argv[2] ?? '';
const { manifest, file } = await readManifest(root);
const engine = await connectEngine();
const folder = { root, manifest, manifestFile: file };
await buildService(
  {
    ...engine,
    async startInstance(spec, signal) {
      const instance = await engine.startInstance(spec, signal);
      process.stdout.write('instance\n');
      return instance;
    },
  },
  folder,
  {
    signal: new AbortController().signal,
    warm: true,
    onProgress(event) {
      if (event.kind === 'begin') process.stdout.write(`${event.step}\n`);
      if (event.kind === 'detail') process.stdout.write(`: ${event.text}\n`);
    },
    async probe(watched, image, service, signal) {
      await probeService(watched, image, service, { signal });
    },
  },
);
