import type { Place } from '../../core/index.ts';
import type { CodeWords } from '../stack.ts';

/** Where a service's declarations and code stand, and how messages speak of the code. */
export interface ContractPlaces {
  /** Paths as the user would type them. */
  readonly manifestFile: string;
  readonly codeFile: string;
  readonly words: CodeWords;
  /** Where the api declares a function; undefined where that cannot be said. */
  placeOfFunction(name: string): Place | undefined;
  /** The text of the line at a place in either file. */
  sourceLine(place: Place): string | undefined;
}
