import { copyFileSync, fstatSync, ftruncateSync, statSync } from 'node:fs';

/** Bytes of a log that is copied aside. */
const longestLog = 10 * 1024 * 1024;

/**
 * Keeps stderr, where it is the log file at `path`, from growing without end: what is too long becomes `PATH.1`, and the file goes on empty. It is copied and cut,
 * and not renamed, since every process that inherited it goes on writing to the same file, at its end.
 */
export function rotateLog(path: string, { descriptor = 2, most = longestLog, every = 60_000 } = {}): void {
  const look = () => {
    const { ino, size } = fstatSync(descriptor);
    if (size <= most || statSync(path, { throwIfNoEntry: false })?.ino !== ino) return;
    copyFileSync(path, `${path}.1`);
    ftruncateSync(descriptor);
  };
  look();
  setInterval(look, every).unref();
}
