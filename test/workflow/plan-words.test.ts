import { describe, expect, test } from 'vitest';
import { describePlan, nameOf, parseWorkflow, planWords, planWorkflow } from '../../src/workflow/index.ts';
import { service, services, world } from './world.ts';

const wide = { ...world, services: [...services, service('Words', '1.0.0', 'words: Text -> [Text]')] };

function planOf(text: string) {
  const { plan, diagnostics } = planWorkflow(text, wide);
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

describe('a plan in words', () => {
  test('shows each node with its types and where it gives to', () => {
    const text =
      '(file/in.txt * & Ends.tick) -> Words* -> (Demo.NumChars { replicas = 4 } -> rabbitMQ/n { format = "json" } & Ends.drop)';
    expect(describePlan(planOf(text))).toEqual([
      '1  source  file/in.txt    [Text]           -> 3     file { path = "in.txt" } as json',
      '2  source  Ends.tick      Text             -> 4     Ends:1.0.0.tick',
      '3  *       file/in.txt *  [Text] -> Text   -> 4',
      '4  stage   Words          Text -> [Text]   -> 5     Words:1.0.0.words',
      '5  *       Words*         [Text] -> Text   -> 6, 8',
      '6  stage   Demo.NumChars  Text -> Integer  -> 7     Demo.NumChars:0.1.0.numChars { replicas = 4 }',
      '7  sink    rabbitMQ/n     Integer                   rabbitMQ { queue = "n" } as json',
      '8  stage   Ends.drop      Text                      Ends:1.0.0.drop',
    ]);
  });

  test('is plain JSON without manifests', () => {
    const words = planWords(planOf('stdin<[Text]> * -> Clean.upper -> log'));
    expect(JSON.parse(JSON.stringify(words))).toEqual(words);
    expect(words).toMatchObject([
      { kind: 'source', label: 'stdin', gives: '[Text]', to: [1] },
      { kind: 'concat', label: 'stdin*', takes: '[Text]', gives: 'Text', to: [2] },
      { kind: 'stage', service: 'Clean', version: '1.2.0-SNAPSHOT', function: 'upper', settings: {} },
      { kind: 'sink', label: 'log', takes: 'Text', to: [] },
    ]);
  });
});

describe('the name of a workflow', () => {
  test.each([
    ['def clicks = stdin -> Clean -> log', 'w.nstack', 'clicks'],
    ['p = Clean\nw = stdin -> p -> log', '<workflow>', 'w'],
    ['stdin -> Clean -> log', 'flows/clicks.nstack', 'clicks'],
    ['stdin -> Clean -> log', '/a/b.c/d', 'd'],
    ['stdin -> Clean -> log', '<workflow>', 'Clean'],
    ['kafka/a -> Clean:1.0.0.clean* -> log', '<workflow>', 'Clean.clean'],
    ['(kafka/a & kafka/b) -> (Score -> x & Late) -> log', '<workflow>', 'Score'],
    ['(kafka/a -> Score -> log)', '<workflow>', 'Score'],
    ['import Demo.NumChars:0.1.0 as N\nstdin -> N.numChars -> log', '<workflow>', 'Demo.NumChars.numChars'],
    ['import Demo.NumChars\nstdin -> Demo.NumChars -> log', '<workflow>', 'Demo.NumChars'],
    ['kafka/a -> acme/Clean -> log', '<workflow>', 'acme/Clean'],
    ['Ends.tick -> log', '<workflow>', 'Ends.tick'],
    ['Clean', '<workflow>', 'Clean'],
    ['', '<workflow>', 'workflow'],
  ])('%j in %s is %s', (text, file, expected) => {
    expect(nameOf(parseWorkflow(text, file).tree, file)).toBe(expected);
  });

  test('is that of the plan', () => {
    expect(planWorkflow('stdin -> Clean -> log', { ...world, file: '<workflow>' }).plan?.name).toBe('Clean');
  });
});
