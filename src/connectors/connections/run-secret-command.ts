import { spawn } from 'node:child_process';
import { createRedactor } from '../../core/index.ts';

/** Why a command gave no secret: what completes "the command ...". */
export class CommandFailure extends Error {}

const patience = 10_000;
const killed = 'SIGKILL';
/** Bytes of standard error that a message repeats. */
const mostQuoted = 500;

/**
 * What a command prints, its last line break cut off. No shell reads it, its stdin is empty, and it has 10 seconds. Fails with {@link CommandFailure}, which
 * repeats what it says on stderr, but never a word that it printed; with the signal's reason where that is aborted. A command that
 * does not end is killed, and what it started with it.
 */
export async function runSecretCommand(
  [program = '', ...args]: readonly string[],
  folder: string,
  most: number,
  signal: AbortSignal,
): Promise<Buffer> {
  signal.throwIfAborted();
  // A process group of its own, so that what it starts in turn ends with it.
  const child = spawn(program, args, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const killAll = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, killed);
    } catch {
      // It is gone already.
    }
  };
  const ended = Promise.withResolvers<number | NodeJS.Signals>();
  const [out, err] = [collect(most), collect(64 * 1024)];
  child.stdout.on('data', (piece: Buffer) => {
    if (!out.take(piece)) ended.reject(new CommandFailure(`prints more than ${most} bytes`));
  });
  child.stderr.on('data', err.take);
  child.once('error', (error) => ended.reject(new CommandFailure(startWords(error), { cause: error })));
  let closed = false;
  child.once('close', (code, how) => {
    closed = true;
    ended.resolve(code ?? how ?? killed);
  });
  const late = setTimeout(
    () => ended.reject(new CommandFailure(`did not end within ${patience / 1000} seconds`)),
    patience,
  );
  const onAbort = () => ended.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const how = await ended.promise;
    if (how === 0) return out.bytes();
    throw new CommandFailure(
      `ended with ${typeof how === 'number' ? `exit code ${how}` : how}${quoted(err.bytes(), out.bytes())}`,
    );
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', onAbort);
    if (!closed) killAll();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Takes pieces up to a number of bytes; answers false for the first that goes beyond. */
function collect(most: number) {
  const pieces: Buffer[] = [];
  let length = 0;
  return {
    take(piece: Buffer): boolean {
      length += piece.length;
      if (length > most) return false;
      pieces.push(piece);
      return true;
    },
    bytes: () => Buffer.concat(pieces),
  };
}

function startWords(error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'was not found';
  if (code === 'EACCES') return 'may not be run by this user';
  return `cannot be run: ${String(code ?? error.message)}`;
}

/** The end of what it says on stderr, on one line, without the words that it printed on stdout. */
function quoted(stderr: Buffer, stdout: Buffer): string {
  const redact = createRedactor(stdout.toString('utf8').split(/\s+/));
  const text = redact(stderr.toString('utf8'))
    .replace(/\p{Control}+/gu, ' ')
    .trim();
  if (text === '') return '';
  return `: ${text.length > mostQuoted ? `...${text.slice(-mostQuoted)}` : text}`;
}
