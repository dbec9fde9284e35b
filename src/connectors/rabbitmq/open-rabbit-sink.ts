import { NstackError } from '../../core/index.ts';
import type { OpenContext, Sink } from '../connector.ts';
import { checkLineFormat } from '../records/check-line-format.ts';
import { printToStderr } from '../records/print-to-stderr.ts';
import { checkBroker } from './check-broker.ts';
import { checkField } from './message-field.ts';
import type { HeaderValue } from './publish-frames.ts';
import type { QueueType, Topology } from './queue-setup.ts';
import { createRabbitSink } from './rabbit-sink.ts';
import { readSettings } from './settings.ts';

/** Parameters of the sink, as {@link sinkSchema} lets them through. */
interface SinkParameters {
  readonly queue?: string;
  readonly exchange?: string;
  readonly exchange_type?: string;
  readonly key?: string;
  readonly key_field?: string;
  readonly declare?: boolean;
  readonly queue_type?: QueueType;
  readonly persistent?: boolean;
  readonly mandatory?: boolean;
  readonly id_field?: string;
  readonly headers?: Readonly<Record<string, HeaderValue>>;
}

/** Connects, and sees whether there is what the sink needs; it makes nothing. */
export async function checkRabbitSink(context: OpenContext): Promise<void> {
  const parameters = context.parameters as unknown as SinkParameters;
  const shown = shownOf(parameters);
  checkTarget(parameters);
  checkLineFormat(context, shown);
  if (parameters.key_field !== undefined)
    checkField(parameters.key_field, context.type, `${shown}: key_field`);
  if (parameters.id_field !== undefined) checkField(parameters.id_field, context.type, `${shown}: id_field`);
  await checkBroker(readSettings(context.connection), topologyOf(parameters), shown);
}

export async function openRabbitSink(context: OpenContext): Promise<Sink> {
  const parameters = context.parameters as unknown as SinkParameters;
  const { queue, exchange, key, key_field } = parameters;
  checkTarget(parameters);
  const shown = shownOf(parameters);
  return createRabbitSink({
    settings: readSettings(context.connection),
    topology: topologyOf(parameters),
    exchange: exchange ?? '',
    key: queue ?? key ?? '',
    keyField: key_field,
    idField: parameters.id_field,
    persistent: parameters.persistent ?? true,
    mandatory: parameters.mandatory ?? false,
    headers: parameters.headers ?? {},
    format: context.format,
    shown,
    title: `nstack: ${context.workflow}, to ${queue ?? exchange}`,
    log: context.log ?? printToStderr,
  });
}

function checkTarget({ queue, exchange, key, key_field }: SinkParameters): void {
  const wrong = (message: string, hint: string) => new NstackError('connector-invalid', message, { hint });
  if (queue !== undefined && (exchange ?? key ?? key_field) !== undefined)
    throw wrong(
      `rabbitMQ/${queue}: a sink writes to a queue, or to an exchange with a key, not both`,
      'Leave out the queue, as in Sinks.rabbitMQ { exchange = "NAME", key = "KEY" }; or leave out exchange, key and key_field.',
    );
  if (queue === undefined && exchange === undefined)
    throw wrong(
      'rabbitMQ: the sink has neither a queue nor an exchange',
      'Write rabbitMQ/QUEUE, or set exchange and key.',
    );
  if (key !== undefined && key_field !== undefined)
    throw wrong(`rabbitMQ: key and key_field both give the routing key`, 'Leave one of them out.');
}

function topologyOf({ queue, exchange, exchange_type, declare, queue_type }: SinkParameters): Topology {
  return {
    ...(queue === undefined ? {} : { queue }),
    ...(queue_type === undefined ? {} : { queueType: queue_type }),
    ...(exchange === undefined ? {} : { exchange }),
    ...(exchange_type === undefined ? {} : { exchangeType: exchange_type }),
    keys: [],
    declare: declare ?? true,
  };
}

function shownOf({ queue, exchange }: SinkParameters): string {
  return `rabbitMQ/${queue ?? exchange}`;
}
