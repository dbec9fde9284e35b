import { compileValidator } from '../../types/index.ts';
import type { OpenContext, Source } from '../connector.ts';
import { checkLineFormat } from '../records/check-line-format.ts';
import { createMessageBatcher } from '../records/message-batcher.ts';
import { printToStderr } from '../records/print-to-stderr.ts';
import { checkBroker } from './check-broker.ts';
import type { QueueType, Topology } from './queue-setup.ts';
import { createRabbitSource } from './rabbit-source.ts';
import { readSettings } from './settings.ts';

/** Parameters of the source, as {@link sourceSchema} lets them through. */
interface SourceParameters {
  readonly queue: string;
  readonly exchange?: string;
  readonly exchange_type?: string;
  readonly key?: string | readonly string[];
  readonly declare?: boolean;
  readonly queue_type?: QueueType;
  readonly prefetch?: number;
}

/** Connects, and sees whether there is what the source needs; it makes nothing. */
export async function checkRabbitSource(context: OpenContext): Promise<void> {
  const parameters = context.parameters as unknown as SourceParameters;
  checkLineFormat(context, shownOf(parameters));
  await checkBroker(readSettings(context.connection), topologyOf(parameters), shownOf(parameters));
}

export async function openRabbitSource(context: OpenContext): Promise<Source> {
  const parameters = context.parameters as unknown as SourceParameters;
  const shown = shownOf(parameters);
  return createRabbitSource({
    settings: readSettings(context.connection),
    topology: topologyOf(parameters),
    batcher: createMessageBatcher({
      format: context.format,
      validator: compileValidator(context.type, 'input'),
      limit: context.messageLimit,
    }),
    prefetch: parameters.prefetch,
    rows: context.rows ?? Number.POSITIVE_INFINITY,
    keys: context.keys ?? false,
    shown,
    title: `nstack: ${context.workflow}, from ${parameters.queue}`,
    log: context.log ?? printToStderr,
  });
}

function topologyOf({ queue, exchange, exchange_type, key, declare, queue_type }: SourceParameters) {
  return {
    queue,
    ...(queue_type === undefined ? {} : { queueType: queue_type }),
    ...(exchange === undefined ? {} : { exchange }),
    ...(exchange_type === undefined ? {} : { exchangeType: exchange_type }),
    keys: key === undefined ? [exchange_type === 'topic' ? '#' : ''] : [key].flat(),
    declare: declare ?? true,
  } satisfies Topology;
}

function shownOf({ queue }: SourceParameters): string {
  return `rabbitMQ/${queue}`;
}
