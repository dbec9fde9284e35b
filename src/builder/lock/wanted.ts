import type { Recipe } from '../../stacks/index.ts';

/** All that a service asks of the systems of packages, its toolchain's part among it, each once, in order: what a lock is made for. */
export function wantedOf({ packages, compile }: Recipe): readonly string[] {
  return [...new Set([...packages.wanted, ...(compile?.toolchain.wanted ?? [])])].sort();
}
