import type { Assignment } from './membership.ts';
import { createWireReader, createWireWriter } from './wire.ts';

/** What consumers of any client tell each other through the group: Kafka's ConsumerProtocol, here written in its version 1. */
const version = 1;

/** The protocol name under which members of any client share out partitions; Java's consumers offer it too. */
export const protocol = 'range';

/** What a member asks for: a Subscription. */
export function encodeTopics(topics: readonly string[]): Buffer {
  const w = createWireWriter();
  w.int16(version);
  w.array(topics, w.string);
  w.bytes(noUserData);
  w.array([], () => {});
  return w.done();
}

/** Later versions have more behind the topics. */
export function decodeTopics(bytes: Buffer): readonly string[] {
  const r = createWireReader(bytes);
  r.int16();
  return r.array(() => r.string() ?? '');
}

export function encodeAssignment(assignment: Assignment): Buffer {
  const w = createWireWriter();
  w.int16(version);
  w.array(Object.entries(assignment), ([topic, partitions]) => {
    w.string(topic);
    w.array(partitions, w.int32);
  });
  w.bytes(noUserData);
  return w.done();
}

/** No bytes at all: the leader has given nothing. */
export function decodeAssignment(bytes: Buffer): Assignment {
  if (bytes.length === 0) return {};
  const r = createWireReader(bytes);
  r.int16();
  return Object.fromEntries(r.array(() => [r.string() ?? '', r.array(r.int32)] as const));
}

const noUserData = Buffer.alloc(0);
