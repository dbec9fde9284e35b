import type { Span } from './text-origin.ts';

/** A type as it was written: names are not looked up yet. Plain data. */
export type Syntax = Span &
  (
    | { readonly kind: 'name'; readonly name: string }
    /** `Name T`: a case with its payload, which means something only right after `type Event =`. */
    | { readonly kind: 'applied'; readonly name: Word; readonly argument: Syntax }
    | { readonly kind: 'unit' }
    | { readonly kind: 'list' | 'map' | 'optional'; readonly item: Syntax }
    | { readonly kind: 'tuple'; readonly items: readonly Syntax[] }
    | { readonly kind: 'record'; readonly fields: readonly FieldSyntax[] }
    /** `A ... | B ...`: two or more. */
    | { readonly kind: 'sum'; readonly cases: readonly Syntax[] }
    /** Something that was reported already. */
    | { readonly kind: 'error' }
  );

export interface Word extends Span {
  readonly text: string;
}

export interface FieldSyntax {
  readonly name: Word;
  readonly type: Syntax;
}

export type DeclarationSyntax =
  | { readonly kind: 'type'; readonly name: Word; readonly body: Syntax }
  | { readonly kind: 'function'; readonly name: Word; readonly input: Syntax; readonly output: Syntax };
