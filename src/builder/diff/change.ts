/**
 * One thing that two versions of a service differ in. `breaking`: whoever uses the former may fail with the latter. `compatible`: nobody can. `note`: nobody fails by
 * what is declared, and someone should know.
 */
export interface Change {
  readonly severity: 'breaking' | 'compatible' | 'note';
  readonly about: 'function' | 'parameter' | 'secret' | 'network' | 'limit' | 'request' | 'image';
  /** Of the function, the parameter, the secret, the limit. */
  readonly name: string;
  /** What it is, and why it is of that severity: a clause that goes on after `name: `. */
  readonly text: string;
}

/** The change, frozen: how all changes are made. */
export function change(
  severity: Change['severity'],
  about: Change['about'],
  name: string,
  text: string,
): Change {
  return Object.freeze({ severity, about, name, text });
}
