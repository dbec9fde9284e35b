import { nearestWord } from '../core/index.ts';
import { builtinNames, foreignNames } from './builtin-names.ts';

/** The way out where there is no type of that name: what was misspelt, what it is called here, or how to declare it. */
export function unknownTypeHint(name: string, declared: Iterable<string>): string {
  const near = nearestWord(name, [...declared, ...builtinNames]);
  const foreign = foreignNames.get(name.toLowerCase());
  if (near !== undefined && (foreign === undefined || near.toLowerCase() === name.toLowerCase())) {
    return `did you mean ${near}?`;
  }
  if (foreign !== undefined) return `write ${foreign}`;
  return /^[A-Z]/.test(name)
    ? `declare it with: type ${name} = ...`
    : "a type's name begins with a capital letter";
}
