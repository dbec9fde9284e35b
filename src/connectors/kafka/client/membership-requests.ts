import { decodeAssignment, decodeTopics, encodeAssignment, encodeTopics, protocol } from './member-words.ts';
import type { Assignment, Joined, JoinRequest, MemberIdentity, Membership } from './membership.ts';
import { throwKafkaError, typeOfCode } from './protocol-error.ts';
import type { RawRequest } from './raw-request.ts';
import { createWireReader, createWireWriter } from './wire.ts';

/** Answers the id to join with where the group wants to have given one before (KIP-394). */
export function joinGroupRequest({
  group,
  memberId,
  instanceId,
  topic,
  sessionTimeout,
  rebalanceTimeout,
}: JoinRequest): RawRequest<Joined | { readonly joinAs: string }> {
  const w = createWireWriter();
  w.string(group);
  w.int32(sessionTimeout);
  w.int32(rebalanceTimeout);
  w.string(memberId);
  w.string(instanceId ?? null);
  w.string('consumer');
  w.array([protocol], (name) => {
    w.string(name);
    w.bytes(encodeTopics([topic]));
  });
  return {
    apiKey: 11,
    apiVersion: 5,
    apiName: 'JoinGroup',
    body: w.done(),
    wait: rebalanceTimeout,
    read(response) {
      const r = createWireReader(response);
      r.int32();
      const errorCode = r.int16();
      const generation = r.int32();
      r.string();
      const leaderId = r.string() ?? '';
      const id = r.string() ?? '';
      if (errorCode !== 0 && typeOfCode(errorCode) === 'MEMBER_ID_REQUIRED') return { joinAs: id };
      if (errorCode !== 0) throwKafkaError(errorCode);
      const members = r.array(() => {
        const member = r.string() ?? '';
        r.string();
        return { memberId: member, topics: decodeTopics(r.bytes()) };
      });
      return {
        memberId: id,
        instanceId,
        generation,
        leaderId,
        members: leaderId === id ? members : undefined,
      };
    },
  };
}

/** The leader gives the assignments of all; answers this member's. */
export function syncGroupRequest(
  group: string,
  { memberId, instanceId, generation }: Membership,
  assignments: ReadonlyMap<string, Assignment>,
): RawRequest<Assignment> {
  const w = createWireWriter();
  w.string(group);
  w.int32(generation);
  w.string(memberId);
  w.string(instanceId ?? null);
  w.array([...assignments], ([member, assignment]) => {
    w.string(member);
    w.bytes(encodeAssignment(assignment));
  });
  return {
    apiKey: 14,
    apiVersion: 3,
    apiName: 'SyncGroup',
    body: w.done(),
    read(response) {
      const r = createWireReader(response);
      r.int32();
      const errorCode = r.int16();
      if (errorCode !== 0) throwKafkaError(errorCode);
      return decodeAssignment(r.bytes());
    },
  };
}

export function heartbeatRequest(
  group: string,
  { memberId, instanceId, generation }: Membership,
): RawRequest<void> {
  const w = createWireWriter();
  w.string(group);
  w.int32(generation);
  w.string(memberId);
  w.string(instanceId ?? null);
  return { apiKey: 12, apiVersion: 3, apiName: 'Heartbeat', body: w.done(), read: readOnlyError };
}

export function leaveGroupRequest(group: string, { memberId, instanceId }: MemberIdentity): RawRequest<void> {
  const w = createWireWriter();
  w.string(group);
  w.array([memberId], (id) => {
    w.string(id);
    w.string(instanceId ?? null);
  });
  return { apiKey: 13, apiVersion: 3, apiName: 'LeaveGroup', body: w.done(), read: readOnlyError };
}

function readOnlyError(response: Buffer): void {
  const r = createWireReader(response);
  r.int32();
  const errorCode = r.int16();
  if (errorCode !== 0) throwKafkaError(errorCode);
}
