import { describe, expect, test } from 'vitest';
import { workflowsBrokenBy } from '../../src/workflow/index.ts';
import { connectors, service } from './world.ts';

const clean = service('Clean', '1.0.0', 'clean : Text -> { id: Text, delay: Integer }');
const score = service('Score', '1.0.0', 'score : { id: Text, delay: Integer } -> Double');
/** Gives Text where Integer was given. */
const newClean = service('Clean', '1.1.0', 'clean : Text -> { id: Text, delay: Text }');
const before = { connectors, services: [clean, score] };
const after = { connectors, services: [clean, newClean, score] };
const workflow = (name: string, text: string) => ({ name, text, state: 'running' as const });

describe('a new version of a service', () => {
  test('breaks the workflow in which it no longer fits, and it is said where, with both types', () => {
    const broken = workflowsBrokenBy([workflow('clicks', 'stdin -> Clean -> Score -> log')], before, after);
    expect(broken).toMatchObject([
      {
        name: 'clicks',
        state: 'running',
        diagnostics: [
          {
            code: 'type-mismatch',
            message:
              'Clean gives { id: Text, delay: Text }, but Score takes { id: Text, delay: Integer }: at $.delay, Text is not Integer',
            place: { file: '<clicks>', line: 1, column: 19 },
          },
        ],
      },
    ]);
  });

  test('breaks neither one that names the former version, nor one that does without the service', () => {
    const others = ['stdin -> Clean:1.0.0 -> Score -> log', 'stdin -> Score -> log', 'stdin -> Clean -> log'];
    expect(
      workflowsBrokenBy(
        others.map((text) => workflow('w', text)),
        before,
        after,
      ),
    ).toEqual([]);
  });

  test('is not blamed for what is wrong without it', () => {
    expect(workflowsBrokenBy([workflow('w', 'stdin -> Nowhere -> log')], before, after)).toEqual([]);
  });

  test('is tried in the definition that the workflow is of', () => {
    const text = 'a = stdin -> Score -> log\nb = stdin -> Clean -> Score -> log';
    const broken = workflowsBrokenBy([workflow('a', text), workflow('b', text)], before, after);
    expect(broken.map(({ name }) => name)).toEqual(['b']);
  });
});
