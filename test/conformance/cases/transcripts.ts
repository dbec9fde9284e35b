import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/core/index.ts';
import { playTranscript, readTranscript } from '../../support/play-transcript.ts';
import type { FixtureService } from '../language-adapter.ts';
import type { BehaviourCase } from './behaviour.ts';

const folder = join(packageRoot(), 'test/fixtures/transcripts');

/** Every golden transcript of the protocol, byte for byte. */
export const transcriptCases: readonly BehaviourCase[] = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => ({
    area: 'transcripts',
    name: file.replace(/\.txt$/, ''),
    async run(language) {
      const transcript = await readTranscript(join(folder, file));
      const shim = await language.start(serviceOf(transcript.service));
      shim.log.resume();
      try {
        const exited = shim.exited.then((code) => (typeof code === 'number' ? code : null));
        await playTranscript(transcript, { input: shim.input, output: shim.output, exited });
      } finally {
        shim.kill();
        await shim.exited;
      }
    },
  }));

function serviceOf(name: string): FixtureService {
  if (name === 'values' || name === 'behaviour' || name === 'conformance') return name;
  throw new Error(`there is no fixture service ${name}`);
}
