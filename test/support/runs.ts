import fc from 'fast-check';

/** NSTACK_FUZZ_RUNS=10 gives each property ten times as many runs, from a seed of chance; NSTACK_FUZZ_SEED chooses one. Usually the same cases come each time. */
const times = Number(process.env.NSTACK_FUZZ_RUNS ?? 1);
const usualSeed = 20_261_012;
const { NSTACK_FUZZ_SEED } = process.env;

/** How often a property runs, which takes `usual` runs in a usual test run. */
export function runs(usual: number): { readonly numRuns: number; readonly seed?: number } {
  const numRuns = usual * times;
  if (NSTACK_FUZZ_SEED !== undefined) return { numRuns, seed: Number(NSTACK_FUZZ_SEED) };
  return times === 1 ? { numRuns, seed: usualSeed } : { numRuns };
}

/** For properties that say nothing else; loaded before each test file. */
fc.configureGlobal(runs(100));
