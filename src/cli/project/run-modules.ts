import { NstackError } from '../../core/index.ts';
import type { ProjectModule } from '../../manifest/index.ts';

/** How a module ended: with a value, with an error, or not begun, because the module that it is built on has failed. */
export type ModuleOutcome<T> =
  | { readonly kind: 'done'; readonly module: ProjectModule; readonly value: T; readonly seconds: number }
  | { readonly kind: 'failed'; readonly module: ProjectModule; readonly error: NstackError }
  | { readonly kind: 'skipped'; readonly module: ProjectModule; readonly because: string };

/**
 * Works on every module of a project, each after the one that it is built on, others at the same time up to `atOnce`. With `needsParent` one that fails keeps
 * back those that are built on it, and no others. Answers the outcomes in the order of the modules. What is no NstackError, and an interruption, end it all.
 */
export async function runModules<T>(
  modules: readonly ProjectModule[],
  work: (module: ProjectModule) => Promise<T>,
  { atOnce, needsParent }: { readonly atOnce: number; readonly needsParent: boolean },
): Promise<readonly ModuleOutcome<T>[]> {
  const outcomes = new Map<string, Promise<ModuleOutcome<T>>>();
  const places = createPlaces(atOnce);
  for (const module of modules) {
    const { path, parent } = module;
    const before = parent === undefined ? undefined : outcomes.get(parent);
    const outcome = (async (): Promise<ModuleOutcome<T>> => {
      const below = await before;
      if (needsParent && below !== undefined && below.kind !== 'done')
        return { kind: 'skipped', module, because: below.module.path };
      return places(() => attempt(module, work));
    })();
    // Seen below; one that fails meanwhile is not unseen.
    outcome.catch(() => {});
    outcomes.set(path, outcome);
  }
  return Promise.all(outcomes.values());
}

async function attempt<T>(
  module: ProjectModule,
  work: (module: ProjectModule) => Promise<T>,
): Promise<ModuleOutcome<T>> {
  const since = performance.now();
  try {
    if (module.service instanceof NstackError) throw module.service;
    const value = await work(module);
    return { kind: 'done', module, value, seconds: (performance.now() - since) / 1000 };
  } catch (error) {
    if (!(error instanceof NstackError) || error.code === 'interrupted') throw error;
    return { kind: 'failed', module, error };
  }
}

/** Lets so many work at once; the others wait in the order in which they came. */
function createPlaces(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
