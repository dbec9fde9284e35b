import { NstackError } from '../../../core/index.ts';
import type { OpenContext, Source } from '../../connector.ts';
import { checkLineFormat } from '../../records/check-line-format.ts';
import { checkTopicName } from '../check-topic-name.ts';
import { kafkaError } from '../client/kafka-failure.ts';
import { openClient } from '../client/open-client.ts';
import { compressions, openCodec } from '../records/codecs.ts';
import { createMessageReader } from '../records/message-reader.ts';
import { readSettings, requireConnection } from '../settings.ts';
import type { From } from './find-start.ts';
import { instanceIdOf } from './instance-id.ts';
import { createKafkaSource } from './kafka-source.ts';

export async function checkKafkaSource(context: OpenContext): Promise<void> {
  const topic = topicOf(context);
  checkTopicName(topic);
  requireConnection(context, `kafka/${topic}`);
  checkLineFormat(context, `kafka/${topic}`);
  fromOf(context);
}

export async function openKafkaSource(context: OpenContext): Promise<Source> {
  await checkKafkaSource(context);
  const topic = topicOf(context);
  const connection = requireConnection(context, `kafka/${topic}`);
  const settings = readSettings(connection);
  const group = groupOf(context);
  // A codec that this Node.js has not makes dead letters of what is written with it, not a failure of all.
  const codecs = await Promise.all(compressions.map((name) => openCodec(name).catch(() => undefined)));
  return createKafkaSource({
    client: await openClient(settings, settings.clientId ?? `nstack-${context.workflow}`),
    topic,
    group,
    instanceId: instanceIdOf(context),
    from: fromOf(context),
    rows: context.rows ?? Number.POSITIVE_INFINITY,
    keys: context.keys ?? false,
    sessionTimeout: settings.sessionTimeout,
    codecs,
    readMessages: createMessageReader(context),
    toError: (error) => kafkaError(error, `kafka/${topic}`, connection.name),
    log: context.log ?? ((line) => void process.stderr.write(`${line}\n`)),
  });
}

function topicOf({ parameters }: OpenContext): string {
  return String(parameters.topic);
}

function groupOf({ parameters, workflow }: OpenContext): string {
  return typeof parameters.group === 'string' ? parameters.group : `nstack-${workflow}`;
}

function fromOf({ parameters: { from = 'earliest' } }: OpenContext): From {
  if (from === 'earliest' || from === 'latest') return from;
  const time = Date.parse(String(from));
  if (!Number.isNaN(time) && time >= 0) return time;
  throw new NstackError(
    'connector-invalid',
    `from = ${JSON.stringify(from)} is neither earliest, latest nor a time`,
    {
      hint: 'Write a time with its offset, such as "2026-01-31T08:00:00Z".',
    },
  );
}
