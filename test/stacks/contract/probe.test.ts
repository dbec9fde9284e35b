import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../src/manifest/index.ts';
import { codeApiFromOpenRpc } from '../../../src/stacks/contract/code-api-from-openrpc.ts';
import { compareContract } from '../../../src/stacks/contract/compare-contract.ts';
import { stackFor } from '../../../src/stacks/stack-for.ts';
import { argumentTypes } from '../../../src/types/index.ts';
import { declarationOf, imports, type Mismatch, mismatches } from './mismatches.ts';
import { filesOf } from './service-folder.ts';

// What rpc.discover answered for the code of each mismatch, recorded from the shim by test/fixtures/contract/record.py.
const recordedFile = new URL('../../fixtures/contract/discovered.json', import.meta.url);
const recorder = new URL('../../fixtures/contract/record.py', import.meta.url).pathname;
const shim = new URL('../../../templates/python', import.meta.url).pathname;
const python = new URL('../../../.cache/python/bin/python', import.meta.url).pathname;

const recorded: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(recordedFile, 'utf8'));
const seen = mismatches.filter(({ probe }) => probe !== null);

function compareRecorded(mismatch: Mismatch) {
  const files = filesOf(mismatch);
  const { manifest } = parseManifest(files['nstack.yaml'] ?? '', 'nstack.yaml');
  if (manifest === undefined) throw new Error('the manifest of a mismatch is wrong');
  const methods = recorded[mismatch.title];
  const code = codeApiFromOpenRpc({ openrpc: '1.3.2', methods }, (file, line, column) => ({
    file,
    line,
    column,
  }));
  const lines = (files['service.py'] ?? '').split('\n');
  const declared = mismatch.api.split('\n').length + 3;
  const where = {
    manifestFile: 'nstack.yaml',
    codeFile: 'service.py',
    words: stackFor('python').words,
    placeOfFunction: () => ({ file: 'nstack.yaml', line: declared, column: 3 }),
    sourceLine: ({ file, line }: { file: string; line: number }) =>
      file === 'service.py' ? lines[line - 1] : undefined,
  };
  return compareContract(manifest.api, code, where, 'probe');
}

describe('the probe names both places of', () => {
  it.each(seen.map((mismatch) => [mismatch.title, mismatch] as const))('%s', (_, mismatch) => {
    const errors = compareRecorded(mismatch).filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      [mismatch.finding, `${declarationOf(mismatch)}, but ${mismatch.probe ?? mismatch.but}`],
    ]);
    if (mismatch.hint !== undefined) expect(errors[0]?.hint).toBe(mismatch.hint);
  });
});

// `make setup` makes the environment; without it the records are taken as they are.
it.runIf(existsSync(python))('the records are what the shim says today', () => {
  const cases = seen.map((mismatch) => {
    const { manifest } = parseManifest(filesOf(mismatch)['nstack.yaml'] ?? '', 'nstack.yaml');
    const functions = manifest?.api.functions ?? [];
    const arities = Object.fromEntries(
      functions.map(({ name, input }) => [name, argumentTypes(input).length]),
    );
    return { title: mismatch.title, code: `${imports}${mismatch.code}\n`, arities };
  });
  const run = spawnSync(python, [recorder], {
    input: JSON.stringify(cases),
    env: { PYTHONPATH: shim, PYTHONDONTWRITEBYTECODE: '1' },
    encoding: 'utf8',
  });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual(recorded);
});
