import type { Diagnostic, Place } from '../../core/index.ts';

/** Where a credential really is. The connections file holds references alone, so that it can be shown and kept in a repository. */
export type Reference =
  | { readonly kind: 'env'; readonly name: string }
  /** `path` is absolute; `written` is what the file says. */
  | { readonly kind: 'file'; readonly path: string; readonly written: string }
  /** A program and its arguments; no shell reads them. It runs in `folder`. */
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly folder: string };

/** A setting that is a reference. */
export interface ReferencedSetting {
  /** From the connection's settings on: `['sasl', 'password']`. */
  readonly path: readonly (string | number)[];
  readonly reference: Reference;
  /** Whether the system calls the setting a secret; otherwise it is text that merely lies elsewhere. */
  readonly secret: boolean;
  readonly place: Place;
}

/** A connection as the file describes it. Plain JSON, and nothing in it is secret: every credential is a reference still. */
export interface ConnectionDescription {
  readonly name: string;
  /** Canonical name of the connector. */
  readonly system: string;
  /** As written, references as the mappings that they are. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly references: readonly ReferencedSetting[];
  readonly place: Place;
}

/** A secret for services that ask for it by name in nstack.yaml. */
export interface SecretDescription {
  readonly name: string;
  readonly reference: Reference;
  readonly place: Place;
}

/** What one connections file says. Parts with a fault are left out, and told in `diagnostics`. */
export interface ConnectionsFile {
  /** Path as the user would type it. */
  readonly file: string;
  readonly connections: readonly ConnectionDescription[];
  readonly secrets: readonly SecretDescription[];
  /** Errors and warnings, in the order of the text; no text that could be a credential is in them. */
  readonly diagnostics: readonly Diagnostic[];
}
