import type { ServiceEvent } from '../bridge/index.ts';
import { redactTexts } from '../core/index.ts';

/** What a service says of itself, its secrets starred out. */
export function withoutSecrets(event: ServiceEvent, redact: (text: string) => string): ServiceEvent {
  if (event.kind !== 'log') return event;
  const fields = JSON.stringify(event.fields);
  // Most logs hold none, and stay as they are.
  const clean =
    redact(fields) === fields ? event.fields : (redactTexts(event.fields, redact) as typeof event.fields);
  return { ...event, message: redact(event.message), fields: clean };
}
