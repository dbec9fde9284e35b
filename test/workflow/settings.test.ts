import { describe, expect, test } from 'vitest';
import { type Plan, planWorkflow } from '../../src/workflow/index.ts';
import { connectors, service, services, world } from './world.ts';

const path = { type: 'string' };
const kafka = {
  name: 'kafka',
  aliases: [],
  connection: {},
  source: {
    schema: { type: 'object', properties: { topic: path }, additionalProperties: false },
    short: 'topic',
  },
  sink: {
    schema: { type: 'object', properties: { topic: path }, additionalProperties: false },
    short: 'topic',
  },
};
const rabbit = {
  name: 'rabbitMQ',
  aliases: ['rabbit'],
  connection: {},
  sink: {
    schema: { type: 'object', properties: { queue: path }, additionalProperties: false },
    short: 'queue',
  },
};
const wide = {
  ...world,
  services: [
    ...services,
    service('Slow', '1.0.0', 'slow: Text -> Text', 'config: { timeout: { type: Integer, default: 7 } }\n'),
  ],
  connectors: [...connectors.filter(({ name }) => name !== 'rabbitMQ'), kafka, rabbit],
};
const connections = [
  { name: 'kafka', system: 'kafka' },
  { name: 'prod', system: 'kafka' },
  { name: 'queues', system: 'rabbitMQ' },
];

function planOf(text: string, more: object = {}): Plan {
  const { plan, diagnostics } = planWorkflow(text, { ...wide, ...more });
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

function faultsOf(text: string, more: object = {}): string[] {
  return planWorkflow(text, { ...wide, ...more }).diagnostics.map(
    ({ place, message, hint }) => `${place?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`,
  );
}

describe('settings of a stage', () => {
  const settingsOf = (text: string) =>
    planOf(text).nodes.flatMap((node) => (node.kind === 'stage' ? [node.service.settings] : []));

  test('stand in its braces, or around it', () => {
    expect(settingsOf('stdin -> Clean.upper { replicas = 4, timeout = "30s", attempts = 5 } -> log')).toEqual(
      [{ replicas: 4, timeout: 30_000, attempts: 5 }],
    );
    expect(
      settingsOf(
        'stdin -> (Clean.upper { replicas = 2 } -> Demo.NumChars) { replicas = 4, timeout = 1.5 } -> log',
      ),
    ).toEqual([
      { replicas: 2, timeout: 1500 },
      { replicas: 4, timeout: 1500 },
    ]);
    expect(settingsOf('stdin -> Clean.upper -> log')).toEqual([{}]);
  });

  test('say what calls are in order of', () => {
    expect(
      settingsOf('stdin -> (Clean.clean { order = ".id" } -> Clean.clean { order = "key" }) -> log'),
    ).toEqual([{ order: '.id' }, { order: 'key' }]);
    expect(faultsOf('stdin -> Clean.clean { order = ".idd" } -> log')).toEqual([
      '32 order = ".idd": the messages have no field idd: there are id, delay (did you mean "id"?)',
    ]);
    expect(faultsOf('stdin -> Clean.clean { order = "id" } -> log')[0]).toContain('did you mean ".id"?');
    expect(faultsOf('Ends.tick { order = "key" } -> log')[0]).toContain('Ends has no parameter order');
  });

  test('give way to a parameter of that name', () => {
    expect(planOf('stdin -> Slow { timeout = 9, attempts = 1 } -> log').nodes[1]).toMatchObject({
      service: { parameters: { timeout: 9 }, settings: { attempts: 1 } },
    });
  });

  test('are there for a service that is a source', () => {
    expect(planOf('Ends.tick { timeout = "1m" } -> log').nodes[0]).toMatchObject({
      from: { settings: { timeout: 60_000 } },
    });
  });

  test.each([
    ['{ replicas = 0 }', '35 replicas must be a whole number from 1 to 64'],
    ['{ replicas = 65 }', '35 replicas must be a whole number from 1 to 64'],
    ['{ replicas = 1.5 }', '35 replicas must be a whole number from 1 to 64'],
    ['{ replicas = "4" }', '35 replicas must be a whole number from 1 to 64'],
    ['{ attempts = 1001 }', '35 attempts must be a whole number from 1 to 1000'],
    [
      '{ timeout = "30sec" }',
      '34 timeout must be a number of seconds, or a text such as "30s", from 1ms to 24h (did you mean "30s"? The units are ms, s, m, h)',
    ],
    ['{ timeout = 0 }', '34 timeout must be a number of seconds, or a text such as "30s", from 1ms to 24h'],
    ['{ timeout = "25h" }', '34 timeout must be a number of seconds'],
    ['{ timeout = true }', '34 timeout must be a number of seconds'],
    [
      '{ order = "kye" }',
      '32 order must be "key", "partition", or a field of the message such as ".user.id" (did you mean "key"?)',
    ],
    ['{ order = 4 }', '32 order must be "key", "partition"'],
    ['{ order = "." }', '32 order must be "key", "partition"'],
    ['{ order = ".user" }', '32 order = ".user": the messages have no field user: they have no fields'],
    ['{ replica = 3 }', '24 Clean has no parameter replica (did you mean "replicas"?)'],
  ])('%s', (braces, expected) => {
    expect(faultsOf(`stdin -> Clean.upper ${braces} -> log`)[0]).toContain(expected);
  });
});

describe('connections', () => {
  const endsOf = (text: string, more: object = { connections }) =>
    planOf(text, more).nodes.flatMap((node) => {
      if (node.kind === 'sink') return [node.into.connection];
      return node.kind === 'source' && node.from.kind === 'connector' ? [node.from.connection] : [];
    });

  test.each([
    ['kafka/a -> Clean.upper -> kafka/b', ['kafka', 'kafka']],
    ['prod/a -> Clean.upper -> PROD/b', ['prod', 'prod']],
    ['kafka/a { connection = "prod" } -> Clean.upper -> log', ['prod', undefined]],
    ['Sources.kafka { topic = "a" } -> Clean.upper -> Sinks.queues { queue = "b" }', ['kafka', 'queues']],
    ['(kafka/a -> Clean.upper -> queues/b) { connection = "prod" }', ['prod', 'queues']],
  ])('%s', (text, expected) => {
    expect(endsOf(text)).toEqual(expected);
  });

  test('are left to the connector where none is configured', () => {
    const { nodes } = planOf('kafka/a -> Clean.upper -> rabbit/b');
    expect(nodes[0]).toMatchObject({ from: { connector: 'kafka', parameters: { topic: 'a' } } });
    expect(endsOf('kafka/a -> Clean.upper -> rabbit/b', {})).toEqual([undefined, undefined]);
  });

  test.each([
    ['prdo/a -> Clean.upper -> log', '1 there is no source prdo/a (did you mean "prod"?)'],
    [
      'kafka/a { connection = "prdo" } -> Clean.upper -> log',
      '24 there is no connection "prdo" (did you mean "prod"?)',
    ],
    [
      'kafka/a { connection = "queues" } -> Clean.upper -> log',
      '24 the connection queues is to rabbitMQ, not to kafka',
    ],
    [
      'kafka/a { connection = 5 } -> Clean.upper -> log',
      '24 the connection of kafka must be a name in quotation marks',
    ],
    ['queues/a -> Clean.upper -> log', '1 rabbitMQ is no source'],
    [
      'stdin -> Clean.upper -> rabbit/b',
      '25 it is not said which connection to rabbitMQ is meant (write { connection = "queues" })',
    ],
    ['stdin { connection = "prod" } -> Clean.upper -> log', '9 stdin has no parameter connection'],
  ])('%s', (text, expected) => {
    expect(faultsOf(text, { connections })[0]).toContain(expected);
  });
});
