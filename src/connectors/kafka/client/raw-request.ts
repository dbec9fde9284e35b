/**
 * A request whose bytes are our own, because kafkajs has none of that version or makes an object a message of it. Versions are the oldest with
 * what is needed: Kafka 2.5 speaks all of them, and so does 4.
 */
export interface RawRequest<T> {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly apiName: string;
  readonly body: Buffer;
  /** How long the broker may take on top of the usual timeout, in milliseconds. */
  readonly wait?: number;
  read(response: Buffer): T;
}

/** The versions above, by API key, for the check that a broker knows them. */
export const rawVersions: Readonly<Record<number, number>> = {
  0: 8,
  1: 11,
  3: 8,
  8: 7,
  9: 7,
  11: 5,
  12: 3,
  13: 3,
  14: 3,
  28: 3,
};
