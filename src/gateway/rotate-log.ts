import { copyFileSync, fstatSync, ftruncateSync, statSync } from 'node:fs';

/** Bytes of a log that is copied aside. */
const longestLog = 10 * 1024 * 1024;

/**
 * Keeps stderr, where it is the log file at `path`, from growing without end: what is too long becomes `PATH.1`, and the file goes on empty. It is copied and cut,
 * and not renamed, since every process that inherited it goes on writing to the same file, at its end. Answers what ends that.
 */
export function rotateLog(
  path: string,
  { descriptor = 2, most = longestLog, every = 60_000 } = {},
): () => void {
  const look = () => {
    const { ino, size } = fstatSync(descriptor);
    if (size <= most || statSync(path, { throwIfNoEntry: false })?.ino !== ino) return;
    try {
      copyFileSync(path, `${path}.1`);
    } catch {
      // A disk that is full is no reason to end workflows: what is old goes without a copy.
    }
    ftruncateSync(descriptor);
  };
  look();
  const timer = setInterval(look, every).unref();
  return () => clearInterval(timer);
}
