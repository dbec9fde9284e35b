import type { Place } from '../../core/index.ts';

/** Where a service's declarations and code stand. */
export interface ContractPlaces {
  /** Paths as the user would type them. */
  readonly manifestFile: string;
  readonly codeFile: string;
  /** Where the api declares a function; undefined where that cannot be said. */
  placeOfFunction(name: string): Place | undefined;
  /** The text of the line at a place in either file. */
  sourceLine(place: Place): string | undefined;
}
