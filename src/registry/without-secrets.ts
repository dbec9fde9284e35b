import type { ServiceEvent } from '../bridge/index.ts';

/** What a service says of itself, its secrets starred out. */
export function withoutSecrets(event: ServiceEvent, redact: (text: string) => string): ServiceEvent {
  if (event.kind !== 'log') return event;
  const fields = JSON.stringify(event.fields);
  // Most logs hold none, and stay as they are.
  const clean =
    redact(fields) === fields ? event.fields : (redactTexts(event.fields, redact) as typeof event.fields);
  return { ...event, message: redact(event.message), fields: clean };
}

function redactTexts(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactTexts(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactTexts(item, redact)]));
}
