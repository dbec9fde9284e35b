import { NstackError } from '../../core/index.ts';
import type { PackageRecipe } from '../../stacks/index.ts';

/** What the lines that package managers print mean to an author; undefined where nothing but themselves. */
export function explainFailure(recipe: PackageRecipe, lines: readonly string[]): NstackError | undefined {
  const told = lines.join('\n');
  return otherFiles(told) ?? recipe.explain(told);
}

/** The words of pip, and of nstack's own scripts, for files that are not those of the lock. */
function otherFiles(told: string): NstackError | undefined {
  const [, pip] = /DO NOT MATCH THE HASHES[^\n]*\n((?:[^\n]*\n){1,4})/.exec(told) ?? [];
  const lines = told.match(/^nstack: (?:locked|found) .*$/gm)?.map((line) => line.slice('nstack: '.length));
  const found = pip === undefined ? lines : pip.trim().split(/\s*\n\s*/);
  if (found === undefined) return undefined;
  return new NstackError('lock-differs', `other files came than those of nstack.lock: ${found.join('; ')}`, {
    hint: 'somebody may have changed them: find out; to take them as they are now, run `nstack upgrade`',
  });
}
