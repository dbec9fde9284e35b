import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/core/index.ts';
import type { Manifest } from '../../src/manifest/index.ts';
import { behaviourCases } from './cases/behaviour.ts';
import { checkEveryType, echoFunctions } from './cases/generated-values.ts';
import { inputCases } from './cases/input-values.ts';
import { resultCases } from './cases/result-values.ts';
import { checkInput, checkResult } from './cases/values.ts';
import { languages } from './languages.ts';
import { createMatrix, renderMatrix, withMatrix } from './matrix.ts';
import { manifestOf } from './session.ts';
import { createSharedSessions, type SharedSessions } from './shared-sessions.ts';

/** Every case over every language: each language's shim must say the same. */
const matrix = createMatrix(languages.map(({ name }) => name));

afterAll(() => {
  const verdicts = matrix.finish();
  process.stdout.write(`\nConformance (.cache/conformance.json)\n${renderMatrix(verdicts)}\n`);
});

describe.each(languages)('$name', (language) => {
  const values = createSharedSessions(language, 'values');
  const behaviour = createSharedSessions(language, 'behaviour');
  let manifest: Manifest;
  beforeAll(async () => {
    await language.prepare();
    manifest = await manifestOf(language, 'values');
  });
  afterAll(async () => {
    await values[Symbol.asyncDispose]();
    await behaviour[Symbol.asyncDispose]();
  });

  for (const one of inputCases) {
    conforms('inputs', one.name, values, async () => checkInput(one, manifest, await values.raw()));
  }
  for (const one of resultCases) {
    conforms('results', one.name, values, async () => checkResult(one, await values.peer()));
  }
  for (const name of echoFunctions) {
    conforms('values of every type come back', name, values, async () =>
      checkEveryType(name, await values.peer()),
    );
  }
  for (const { area, name, run } of behaviourCases) {
    conforms(area, name, behaviour, () => run(language, behaviour));
  }

  function conforms(area: string, name: string, shared: SharedSessions, run: () => Promise<void>): void {
    if (language.inexpressible.has(`${area}: ${name}`)) {
      matrix.record(area, name, language.name, 'inexpressible');
      return;
    }
    test(`${area}: ${name}`, async () => {
      matrix.record(area, name, language.name, 'failed');
      try {
        await run();
      } catch (error) {
        await shared.replace();
        throw error;
      }
      matrix.record(area, name, language.name, 'passed');
    });
  }
});

describe('docs/languages.md', () => {
  test('shows what the suite has found', async () => {
    const document = await readFile(join(packageRoot(), 'docs/languages.md'), 'utf8');
    expect(document, 'npm run languages writes it').toBe(withMatrix(document, matrix.finish()));
  });
});
