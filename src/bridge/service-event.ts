import type { LogLevel, ServiceEvent } from './protocol.ts';

const levels: readonly string[] = ['debug', 'info', 'warn', 'error', 'critical'] satisfies LogLevel[];
const longestText = 16 * 1024;

/** A notification as an event; undefined for one in `$/` that this version does not know; a text says why it is a breach. */
export function readServiceEvent(method: string, params: unknown): ServiceEvent | undefined | string {
  if (!method.startsWith('$/'))
    return `sent the notification ${JSON.stringify(method.slice(0, 80))}, which is none of the protocol`;
  const given =
    typeof params === 'object' && params !== null && !Array.isArray(params)
      ? (params as Record<string, unknown>)
      : {};
  if (method === '$/log') return readLog(given);
  return method === '$/metric' ? readMetric(given) : undefined;
}

function readLog({ level, message, ...rest }: Record<string, unknown>): ServiceEvent | string {
  if (typeof level !== 'string' || !levels.includes(level) || typeof message !== 'string') {
    return 'sent a $/log without a level of debug, info, warn, error, critical and a message';
  }
  const fields =
    'fields' in rest && typeof rest.fields === 'object' && rest.fields !== null ? rest.fields : rest;
  return {
    kind: 'log',
    level: level as LogLevel,
    message: message.slice(0, longestText),
    fields: fields as Record<string, unknown>,
  };
}

function readMetric({ name, value, labels = {} }: Record<string, unknown>): ServiceEvent | string {
  const good =
    typeof name === 'string' &&
    name.length > 0 &&
    name.length <= 200 &&
    typeof value === 'number' &&
    typeof labels === 'object' &&
    labels !== null &&
    Object.values(labels).every((label) => typeof label === 'string' && label.length <= longestText);
  if (!good)
    return 'sent a $/metric without a name (1 to 200 characters) and a number, or with a label that is no text';
  return { kind: 'metric', name, value, labels: labels as Record<string, string> };
}
