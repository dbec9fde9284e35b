import type { Connector } from './connector.ts';
import { file } from './file/file.ts';
import { http } from './http/http.ts';
import { kafka } from './kafka/kafka.ts';
import { log } from './log/log.ts';
import { rabbitMQ } from './rabbitmq/rabbitmq.ts';
import { schedule } from './schedule/schedule.ts';
import { createStdinConnector } from './stdin/stdin.ts';
import { createStdoutConnector } from './stdout/stdout.ts';

/** Every connector there is. What it needs to read or write is loaded when one is opened. */
export const connectors: readonly Connector[] = Object.freeze([
  file,
  createStdinConnector(),
  createStdoutConnector(),
  log,
  http,
  kafka,
  rabbitMQ,
  schedule,
]);

/** The connector of that name or alias; case is ignored. */
export function findConnector(name: string): Connector | undefined {
  const wanted = name.toLowerCase();
  return connectors.find((connector) =>
    [connector.name, ...connector.aliases].some((known) => known.toLowerCase() === wanted),
  );
}
