/** A place in a text the user wrote. `line` and `column` count from 1, `column` in UTF-16 code units. */
export interface Place {
  /** Path as the user would type it, or a name such as `<workflow>` for a text that is no file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters are meant, from `column`; 1 where nothing better is known. */
  readonly length?: number;
}

/** One finding in a text the user wrote. Rendering it is `renderDiagnostic`'s work. */
export interface Diagnostic {
  /** A stable kebab-case name of the kind of finding, such as `unknown-key`. */
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'note';
  /** Who, what and which value, in one sentence without a full stop. */
  readonly message: string;
  readonly place?: Place;
  /** The text of the line at `place`, so that a renderer needs no file. */
  readonly sourceLine?: string;
  /** The way out, such as `did you mean "packages"?`. */
  readonly hint?: string;
  /** The other place that is part of the finding: the code, where the first is the declaration. */
  readonly related?: { readonly message: string; readonly place: Place; readonly sourceLine?: string };
}
