import { withServiceLock } from '../../../src/builder/service-lock.ts';

/** Takes the lock of the service that its argument names, says so, and holds it until it is killed. */
await withServiceLock(
  process.argv[2] ?? '',
  { onWait: () => {}, signal: new AbortController().signal },
  () =>
    new Promise(() => {
      process.stdout.write('held\n');
      process.stdin.resume();
      setInterval(() => {}, 60_000);
    }),
);
