/** Takes hold of what is being started, so that it ends with the benchmark however that ends, and resolves when it is there. */
export type Own = <T>(starting: T | Promise<T>, end: (started: T) => unknown) => Promise<T>;

/**
 * Runs a benchmark and ends what it owns, the last first: when it is done, when it fails, and on Ctrl-C or SIGTERM, also where
 * something is only just starting.
 */
export async function withEnding(work: (own: Own) => Promise<void>): Promise<void> {
  const owned: (() => Promise<unknown>)[] = [];
  const interrupted = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      process.exitCode = 130;
      interrupted.reject(`${signal}: ending what was started`);
    });

  const own: Own = (starting, end) => {
    const started = Promise.resolve(starting);
    owned.push(() =>
      started.then(end, () => {
        // What never started has cleaned up behind itself.
      }),
    );
    return started;
  };

  try {
    await Promise.race([work(own), interrupted.promise]);
  } catch (error) {
    process.exitCode ??= 1;
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  }
  for (const end of owned.reverse()) {
    await end().catch((error: unknown) => process.stderr.write(`${error}\n`));
  }
  // What was under way when it was interrupted is nobody's any more.
  process.exit();
}
