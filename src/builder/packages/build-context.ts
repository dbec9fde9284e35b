import type { Readable } from 'node:stream';
import type { BuildContext } from '../../stacks/index.ts';
import { addFile, tarStream } from '../image/tar-entries.ts';

/** The tar of a build context. The same context makes the same bytes, so that the engine's builder finds what it has built before. */
export function contextTar({ dockerfile, files }: BuildContext): Readable {
  return tarStream(async (tar) => {
    await addFile(tar, { path: 'Dockerfile', content: Buffer.from(dockerfile), mode: 0o644 });
    for (const file of files) await addFile(tar, file);
  });
}
