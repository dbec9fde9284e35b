import { NstackError } from '../../../core/index.ts';
import { createFieldReader } from '../../../types/index.ts';
import type { OpenContext, Sink } from '../../connector.ts';
import { checkTopicName } from '../check-topic-name.ts';
import { failureKind, kafkaError } from '../client/kafka-failure.ts';
import { openClient } from '../client/open-client.ts';
import { createTroubleLog } from '../client/trouble-log.ts';
import { encodeHeaders } from '../records/batch-builder.ts';
import { type Compression, openCodec } from '../records/codecs.ts';
import { readSettings, requireConnection } from '../settings.ts';
import { checkKey } from './check-key.ts';
import { createPartitioner } from './create-partitioner.ts';
import { createProducer } from './producer.ts';
import { createTopicPartitions } from './topic-partitions.ts';
import { createTransactions } from './transactions.ts';
import { createValueOf, mayBeMissing } from './values.ts';

interface SinkParameters {
  readonly topic: string;
  readonly key?: string;
  readonly partition?: number;
  readonly compression?: Compression;
  readonly headers?: Readonly<Record<string, string>>;
  readonly guarantee?: 'at-least-once' | 'exactly-once';
}

export async function checkKafkaSink(context: OpenContext): Promise<void> {
  const { topic, key, compression = 'none' } = parametersOf(context);
  checkTopicName(topic);
  requireConnection(context, `kafka/${topic}`);
  if (key !== undefined) checkKey(key, context.type, `kafka/${topic}`);
  await openCodec(compression);
}

export async function openKafkaSink(context: OpenContext): Promise<Sink> {
  await checkKafkaSink(context);
  const { topic, key, partition, compression = 'none', headers = {}, guarantee } = parametersOf(context);
  const connection = requireConnection(context, `kafka/${topic}`);
  const settings = readSettings(connection);
  const client = await openClient(settings, settings.clientId ?? `nstack-${context.workflow}`);
  const say = context.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const trouble = createTroubleLog(`kafka/${topic}`, say);
  const partitions = createTopicPartitions(client, topic, trouble);
  const life = new AbortController();
  const toError = (error: unknown) => kafkaError(error, `kafka/${topic}`, connection.name);
  const isPlain = context.format === 'json' && !mayBeMissing(context.type);
  const options = {
    client,
    topic,
    partitions,
    codec: await openCodec(compression),
    trouble,
    toError,
    partitioner: createPartitioner(() => partitions.count, partition),
    toKey: key === undefined ? undefined : createFieldReader(key),
    toValue: isPlain ? undefined : createValueOf(context.format, context.type),
    headers: encodeHeaders(headers),
  };
  const producer = createProducer(options);
  let looking: Promise<void> | undefined;

  /** Once for all. */
  function ready(): Promise<void> {
    looking ??= untilReady();
    return looking;
  }

  async function untilReady(): Promise<void> {
    await partitions
      .ready(life.signal, (error) => failureKind(error) === 'final')
      .catch((error: unknown) => {
        throw toError(error);
      });
    if (partition === undefined || partitions.count === 0 || partition < partitions.count) return;
    throw new NstackError(
      'connector-invalid',
      `kafka/${topic} has ${partitions.count} partitions, and none with the number ${partition}`,
      {
        hint: `Write partition = 0 to ${partitions.count - 1}, or leave it out.`,
      },
    );
  }

  function end(): void {
    const reason = new NstackError('interrupted', `kafka/${topic}: the sink was closed`);
    life.abort();
    producer.close(reason);
    transactions?.close(reason);
    client.close();
  }

  const transactions =
    guarantee === 'exactly-once'
      ? createTransactions({
          ...options,
          workflow: context.workflow,
          untilReady: ready,
          life: life.signal,
        })
      : undefined;

  return {
    where: `kafka/${topic}`,
    async write(batch) {
      if (transactions !== undefined)
        throw new NstackError(
          'connector-invalid',
          `kafka/${topic}: guarantee = "exactly-once" needs a workflow from one Kafka topic to another, without branches`,
          { hint: 'Leave out `guarantee`: messages are then delivered at least once.' },
        );
      // Always, so that no write overtakes one that has waited.
      await ready();
      return producer.write(batch);
    },
    async finish() {
      end();
    },
    async abandon() {
      end();
    },
    ...(transactions !== undefined && { transactions }),
  };
}

function parametersOf({ parameters }: OpenContext): SinkParameters {
  return parameters as unknown as SinkParameters;
}
