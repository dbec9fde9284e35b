import { containerLanguage } from './container-language.ts';
import type { LanguageAdapter } from './language-adapter.ts';
import { python } from './python.ts';

/** What no Haskell compiler lets a function of the declared type give. */
const haskellCannot: ReadonlySet<string> = results([
  ...['fraction', 'whole fraction', 'text', 'boolean', 'null'].map((value) => `${value} for Integer`),
  'a Timestamp without an offset',
  'a Timestamp without an offset in a field',
  'an undeclared field',
  'a field that is missing',
  'an optional that is left out',
  'a text for a sum',
  'another record for a sum',
  'a lone surrogate in Json',
]);

/** Every language of nstack; a new one is an adapter and the fixture services in its own code. */
export const languages: readonly LanguageAdapter[] = [
  python,
  containerLanguage('java', new Set()),
  containerLanguage('haskell', haskellCannot),
];

function results(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => `results: ${name}`));
}
