import type { Place } from '../../core/index.ts';
import type { Type } from '../../types/index.ts';
import type { CodeType, CodeWords } from '../stack.ts';

/** `input`: what is declared must fit what the code takes. `output`: what the code gives must fit what is declared. */
export type Direction = 'input' | 'output';

/** One way in which code and declaration part. */
export interface Difference {
  /** Stable name of the kind. */
  readonly code: string;
  /** As the sentence goes on after "but service.py:14": `returns str (Text) at result.ms, where Integer is declared`. */
  readonly text: string;
  readonly hint?: string;
  /** Where in the code, when that is known better than the function's place. */
  readonly place?: Place;
}

/** One place in both types. */
export interface Pair {
  /** The declared type, names looked through. */
  readonly declared: Type;
  /** As it was written, for messages. */
  readonly written: Type;
  readonly code: CodeType;
  readonly direction: Direction;
  /** `click.legs[].ms` or `result.ms`. */
  readonly path: string;
  /** Place in the code of the nearest field or parameter. */
  readonly place: Place | undefined;
  readonly words: CodeWords;
}
