import type { LogLevel, ServiceEvent } from './protocol.ts';

const levels: readonly string[] = ['debug', 'info', 'warn', 'error', 'critical'] satisfies LogLevel[];
/** Characters that are kept of a log's message, and that a label may have. */
const longestText = 16 * 1024;
const longestName = 200;
const mostLabels = 64;

/** A notification as an event; undefined for one in `$/` that this version does not know; a text says why it is a breach. */
export function readServiceEvent(method: string, params: unknown): ServiceEvent | undefined | string {
  if (!method.startsWith('$/'))
    return `sent the notification ${JSON.stringify(method.slice(0, 80))}, which is none of the protocol`;
  if (method !== '$/log' && method !== '$/metric') return undefined;
  if (!isObject(params)) return `sent a ${method} without an object of params`;
  return method === '$/log' ? readLog(params) : readMetric(params);
}

function readLog({ level, message, fields = {} }: Record<string, unknown>): ServiceEvent | string {
  if (!isLevel(level)) return `sent a $/log whose level is none of ${levels.join(', ')}`;
  if (typeof message !== 'string') return 'sent a $/log whose message is no text';
  if (!isObject(fields)) return 'sent a $/log whose fields are no object';
  return { kind: 'log', level, message: message.slice(0, longestText).toWellFormed(), fields };
}

function readMetric({ name, value, labels = {} }: Record<string, unknown>): ServiceEvent | string {
  if (typeof name !== 'string' || name.length === 0 || name.length > longestName)
    return `sent a $/metric whose name is no text of 1 to ${longestName} characters`;
  if (typeof value !== 'number' || !Number.isFinite(value))
    return 'sent a $/metric whose value is no finite number';
  if (!isObject(labels) || !Object.values(labels).every(isLabel) || Object.keys(labels).length > mostLabels)
    return `sent a $/metric whose labels are not up to ${mostLabels} texts by name`;
  return { kind: 'metric', name, value, labels: labels as Record<string, string> };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLevel(value: unknown): value is LogLevel {
  return typeof value === 'string' && levels.includes(value);
}

function isLabel(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestText;
}
