import { defineConfig } from 'vitest/config';

/**
 * Three projects: `unit` needs nothing but Node and Python and stays below 30 seconds; `process` is what starts many programs of its own
 * (misbehaving services, the Parquet reader, the Python shim's own tests); `system` needs Docker Engine, a base image and the Debian packages that
 * `make setup` brings, and runs file by file because the machine's two cores are what it measures with.
 */
export default defineConfig({
  test: {
    // Vitest leaves one processor free by default, which on two is half of them.
    maxWorkers: '100%',
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    globalSetup: ['./test/support/build-dist.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/**/*.{process,system}.test.ts', '**/node_modules/**'],
          testTimeout: 20_000,
          // Modules hold no state, so files share them: loading them anew for each takes a third of the time.
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
          testTimeout: 180_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
