import { afterAll, beforeAll, expect, it } from 'vitest';
import { startKafka, type TestKafka } from '../support/brokers/kafka.ts';
import { auditBench, everything, killing, load, ok, patience, sent, template } from './audit-bench.ts';

const service = 'AuditedOnKafka.Cleaning';
const { verify, connect } = auditBench(service);
let kafka: TestKafka;
let connections: string;

beforeAll(async () => {
  kafka = await startKafka({ topics: { in: 2, out: 2, 'in-once': 2, 'out-once': 2 } });
  // A data path that was killed is a member of its group until its session is over.
  connections = await connect({ kafka: { brokers: [kafka.bootstrap] } });
});
afterAll(() => kafka?.stop());

it.each([
  {
    promise: 'nothing lost from topic to topic',
    source: 'in',
    sink: 'kafka/out',
    expected: 'order',
    found: { arrived: sent(20_000), lost: 0, foreign: 0 },
  },
  {
    promise: 'no message twice where the workflow promises exactly once',
    source: 'in-once',
    sink: 'Sinks.kafka { topic = "out-once", guarantee = "exactly-once" }',
    expected: 'exactly-once',
    found: { received: sent(20_000), lost: 0, duplicated: 0 },
  },
])(
  'finds $promise, while the broker is killed too',
  async ({ source, sink, expected, found }) => {
    const report = await verify(
      `kafka/${source} -> ${service} -> ${sink}`,
      template,
      connections,
      '--lanes=2',
      ...everything,
      ...killing(kafka.container),
      ...load(20_000, 8),
      `--expect=${expected}`,
      '--expect=clean',
    );
    expect(report).toMatchObject({ ...ok, sent: sent(20_000), outputs: [found] });
    expect(report.injected.map(({ kind }) => kind)).toContain('broker');
  },
  patience,
);
