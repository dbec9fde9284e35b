import { execFile } from 'node:child_process';
import { closeSync, constants, open } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeInstanceFolder } from './runtime-folder.ts';

/** The named pipes of one instance. The opener owns them: `close` once. */
export interface Pipes {
  /** Holds `in` and `out`; mounted read-only, so that the service cannot put something else in their place. */
  readonly folder: string;
  readonly input: Socket;
  readonly output: Socket;
  settled(): void;
  close(): Promise<void>;
}

/**
 * Makes the pipes and opens both ends of each, so that neither the service nor we ever wait for the other to open, and nothing is
 * opened by path once the service could have had its hands on it. The ends that are not ours to use are kept until `settled`:
 * before that, the end of a pipe says nothing about the service.
 */
export async function openPipes(owner: string): Promise<Pipes> {
  const folder = await makeInstanceFolder(owner);
  const kept: number[] = [];
  const settled = () => {
    // At once, and not one after the other in the background: a write that follows must find the service's end gone.
    for (const fd of kept.splice(0)) closeSync(fd);
  };
  try {
    const [input, output] = [join(folder, 'in'), join(folder, 'out')];
    // The service is another user: it opens them by their mode, not by ownership. -m is not subject to the umask.
    await promisify(execFile)('mkfifo', ['-m', '666', input, output]);
    // Opening for reading comes first: without a reader, a non-blocking open for writing fails.
    kept.push(await openEnd(input, constants.O_RDONLY));
    const writeEnd = await openEnd(input, constants.O_WRONLY);
    kept.push(writeEnd);
    const readEnd = await openEnd(output, constants.O_RDONLY);
    kept.push(readEnd);
    kept.push(await openEnd(output, constants.O_WRONLY));
    const sockets = {
      input: new Socket({ fd: writeEnd, readable: false, writable: true }),
      output: new Socket({ fd: readEnd, readable: true, writable: false }),
    };
    // The sockets close these two.
    kept.splice(1, 2);
    return {
      folder,
      ...sockets,
      settled,
      async close() {
        settled();
        sockets.input.destroy();
        sockets.output.destroy();
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    settled();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const openFile = promisify(open);

async function openEnd(path: string, access: number): Promise<number> {
  return await openFile(path, access | constants.O_NONBLOCK);
}
