import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';

export type Verdict = 'passed' | 'failed' | 'inexpressible';

/** Verdicts of every case: area, name of the case, language. */
export interface Verdicts {
  readonly languages: readonly string[];
  readonly areas: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Verdict>>>>>>;
}

/** What each language makes of each case. Written to .cache/conformance.json, which docs/languages.md is made from. */
export interface Matrix {
  record(area: string, name: string, language: string, verdict: Verdict): void;
  /** Writes the file and answers what it holds. */
  finish(): Verdicts;
}

export function createMatrix(languages: readonly string[]): Matrix {
  const areas = new Map<string, Map<string, Record<string, Verdict>>>();
  return {
    record(area, name, language, verdict) {
      const cases = areas.get(area) ?? new Map<string, Record<string, Verdict>>();
      areas.set(area, cases);
      cases.set(name, { ...cases.get(name), [language]: verdict });
    },
    finish() {
      const plain = Object.fromEntries([...areas].map(([area, cases]) => [area, Object.fromEntries(cases)]));
      const verdicts = { languages, areas: plain };
      mkdirSync(join(packageRoot(), '.cache'), { recursive: true });
      writeFileSync(verdictsFile(), `${JSON.stringify(verdicts, null, 2)}\n`);
      return verdicts;
    },
  };
}

/** The verdicts of the last run of the suite. */
export function readVerdicts(): Verdicts {
  return JSON.parse(readFileSync(verdictsFile(), 'utf8')) as Verdicts;
}

function verdictsFile(): string {
  return join(packageRoot(), '.cache/conformance.json');
}

/**
 * A Markdown table with a row for each area: how many of its cases each language passes, of how many that its code can express. Below it are
 * the cases that some language cannot express.
 */
export function renderMatrix({ languages, areas }: Verdicts): string {
  const rows = Object.entries(areas).map(([area, cases]) => {
    const cells = languages.map((language) => {
      const verdicts = Object.values(cases).map((verdict) => verdict[language]);
      const passed = verdicts.filter((verdict) => verdict === 'passed').length;
      const possible = verdicts.filter((verdict) => verdict !== 'inexpressible').length;
      return `${passed} of ${possible}`;
    });
    return `| ${[area, ...cells].join(' | ')} |`;
  });
  const missing = languages.flatMap((language) => {
    const names = Object.values(areas).flatMap((cases) =>
      Object.keys(cases).filter((name) => cases[name]?.[language] === 'inexpressible'),
    );
    return names.length === 0 ? [] : [`- ${language}: ${names.map((name) => `"${name}"`).join(', ')}`];
  });
  return [
    `| cases | ${languages.join(' | ')} |`,
    `|---|${languages.map(() => '---|').join('')}`,
    ...rows,
    ...(missing.length === 0 ? [] : ['', 'Code of these languages cannot even say:', '', ...missing]),
  ].join('\n');
}

const begin = '<!-- conformance: made by `npm run languages` from the last run of test/conformance -->';
const end = '<!-- /conformance -->';

/** A document with the matrix between its marks. Throws where there are none. */
export function withMatrix(document: string, verdicts: Verdicts): string {
  const [before, rest] = document.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the document has no ${begin} ... ${end}`);
  return `${before}${begin}\n${renderMatrix(verdicts)}\n${end}${after}`;
}
