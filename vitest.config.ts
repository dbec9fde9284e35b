import { defineConfig } from 'vitest/config';

const patience = { testTimeout: 180_000, hookTimeout: 300_000 };

/**
 * Four projects: `unit` needs nothing but Node and Python and stays below 30 seconds; `process` is what starts many programs of its own
 * (misbehaving services, the Parquet reader, the Python shim's own tests); `system` needs Docker Engine, a base image and the Debian packages that
 * `make setup` brings: three files at a time, since much of their time is waiting for brokers, containers and faults, so services, topics and folders are a file's
 * own; `alone` is what looks at the whole engine, or measures, one file after the other when the rest is over.
 */
export default defineConfig({
  test: {
    // Vitest leaves one processor free by default, which on two is half of them.
    maxWorkers: '100%',
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    // An event that is waited for comes when it comes: a second is too little on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    globalSetup: ['./test/support/build-dist.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.{process,system,alone}.test.ts', '**/node_modules/**'],
          testTimeout: 20_000 * Number(process.env.NSTACK_FUZZ_RUNS ?? 1),
          setupFiles: ['./test/support/runs.ts'],
          // Modules hold no state, so files share them: loading them anew for each takes a third of the time. Not in threads: one that ends closes the file
          // numbers of the pipes it had opened, which by then may be the pipes of another file's process.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'process', include: ['test/**/*.process.test.ts'], testTimeout: 30_000 },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['test/**/*.system.test.ts'],
          ...patience,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.alone.test.ts'], ...patience, fileParallelism: false },
      },
    ],
  },
});
