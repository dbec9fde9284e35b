import type { Node } from 'web-tree-sitter';
import type { Place } from '../../../core/index.ts';
import type { CodeField, CodeType } from '../../stack.ts';
import type { PythonFile } from './python-file.ts';
import type { Scope } from './scope.ts';

/** Reads type hints of one module. */
export interface HintReader {
  read(hint: Node): CodeType;
  /** What a source gives one by one: the T of `Iterator[T]` and of `Iterator[Positioned[T]]`; undefined for other hints. */
  readItems(hint: Node): CodeType | undefined;
}

/** What a class of the file is as a type. */
export type ClassShape =
  | {
      readonly kind: 'record';
      readonly name: string;
      readonly family: Family;
      readonly fields: readonly CodeField[];
      /** May stand in a union as a case of a sum. */
      readonly mayBeCase: boolean;
      readonly place: Place;
    }
  | { readonly kind: 'other'; readonly type: CodeType };

/** The ways to write a record in Python. */
export type Family = 'dataclass' | 'typed-dict' | 'named-tuple' | 'struct';

export interface ClassContext {
  readonly source: PythonFile;
  readonly scope: Scope;
  readonly reader: HintReader;
  /** The shape of a class of the file that an expression names. */
  readonly classShape: (expression: Node) => ClassShape | undefined;
}
