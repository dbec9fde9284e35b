import { NstackError } from '../../core/index.ts';

/** Throws unless Kafka takes the name of a topic. */
export function checkTopicName(topic: string): void {
  if (/^[A-Za-z0-9._-]{1,249}$/.test(topic) && topic !== '.' && topic !== '..') return;
  throw new NstackError('connector-invalid', `${JSON.stringify(topic)} is no name of a Kafka topic`, {
    hint: 'Names are made of ASCII letters, digits, ".", "_" and "-", 249 at most.',
  });
}
