import type { Api, FunctionType } from '../types/index.ts';

/**
 * The function that a service's name alone stands for: its only one, or the one that has the service's own name (`score` of `team/Score`). Undefined where that
 * could be several.
 */
export function plainFunction(name: string, { functions }: Api): FunctionType | undefined {
  if (functions.length === 1) return functions[0];
  const own = name.slice(name.search(/[^./]*$/)).toLowerCase();
  return functions.find((candidate) => candidate.name.toLowerCase() === own);
}
