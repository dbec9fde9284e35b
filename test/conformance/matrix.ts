import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/core/index.ts';

export type Verdict = 'passed' | 'failed' | 'inexpressible';

/** What each language makes of each case. Written to .cache/conformance.json, for people and for the documentation. */
export interface Matrix {
  record(area: string, name: string, language: string, verdict: Verdict): void;
  /** Writes the file and answers a table of the areas, one line each. */
  finish(): string;
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
      const folder = join(packageRoot(), '.cache');
      mkdirSync(folder, { recursive: true });
      const plain = Object.fromEntries([...areas].map(([area, cases]) => [area, Object.fromEntries(cases)]));
      writeFileSync(
        join(folder, 'conformance.json'),
        `${JSON.stringify({ languages, areas: plain }, null, 2)}\n`,
      );
      const width = Math.max(...[...areas.keys()].map((area) => area.length), 0);
      const lines = [...areas].map(([area, cases]) => {
        const cells = languages.map((language) => {
          const verdicts = [...cases.values()].map((verdict) => verdict[language]);
          const passed = verdicts.filter((verdict) => verdict === 'passed').length;
          const possible = verdicts.filter((verdict) => verdict !== 'inexpressible').length;
          return `${language} ${passed}/${possible}`;
        });
        return `${area.padEnd(width)}  ${cells.join('  ')}`;
      });
      return lines.join('\n');
    },
  };
}
