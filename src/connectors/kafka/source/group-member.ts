import { setTimeout as pauseFor } from 'node:timers/promises';
import { NstackError } from '../../../core/index.ts';
import { createBackoff } from '../client/backoff.ts';
import { type CommittedOffset, offsetCommitRequest } from '../client/group-requests.ts';
import type { KafkaBroker, KafkaClient } from '../client/kafka-client.ts';
import { errorType, failureKind } from '../client/kafka-failure.ts';
import type { Joined, Membership } from '../client/membership.ts';
import {
  heartbeatRequest,
  joinGroupRequest,
  leaveGroupRequest,
  syncGroupRequest,
} from '../client/membership-requests.ts';
import { throwKafkaError } from '../client/protocol-error.ts';
import type { TroubleLog } from '../client/trouble-log.ts';
import { assignRange } from './assign-range.ts';

export interface GroupMemberOptions {
  readonly client: KafkaClient;
  readonly group: string;
  /** Makes it a static member: one that comes back with the same id, also after a crash, has its place again at once, and whoever holds it still is fenced. */
  readonly instanceId: string | undefined;
  readonly topic: string;
  readonly sessionTimeout: number;
  readonly trouble: TroubleLog;
  /** The topic is not there (yet). */
  onMissing(): void;
  /**
   * These partitions are ours from now on. `kept`: those that were ours before were nobody else's in between. May fail, with an error
   * of the broker's; the member then joins again.
   */
  onAssigned(partitions: readonly number[], kept: boolean): Promise<void>;
  /** The group wants to share out anew: finish what can be finished before the signal aborts. The membership holds until it resolves. */
  onRebalance(signal: AbortSignal): Promise<void>;
}

/**
 * A member of a consumer group, by the protocol of JoinGroup and SyncGroup (KIP-62, KIP-345, KIP-394). Heartbeats go by a timer of their own,
 * so that a member that has nothing to read, or whose messages take an hour, stays one.
 */
export interface GroupMember {
  /** Keeps the membership until the signal aborts; rejects where waiting heals nothing, and where another has come with our instance id: we are nobody then for good. */
  run(signal: AbortSignal): Promise<void>;
  /** Who we are to the group; undefined while we are nobody. */
  readonly membership: Membership | undefined;
  /** False where the group does not take it from us any more; rejects where it could not be asked. */
  commit(offsets: readonly CommittedOffset[]): Promise<boolean>;
  /** Tells the group that we go, so that others need not wait for the end of the session. */
  leave(): Promise<void>;
}

/** How often the leader looks whether the topic has got new partitions. */
const partitionLook = 30_000;
/** The same for a topic that is not there yet. */
const topicLook = 2_000;
/** Another member has come with our instance id. */
const fenced = 'FENCED_INSTANCE_ID';
/** Errors after which the membership is none. */
const expelled = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', fenced]);

export function createGroupMember(options: GroupMemberOptions): GroupMember {
  const { client, group, instanceId, topic, sessionTimeout, trouble } = options;
  const rebalanceTimeout = Math.max(sessionTimeout, 30_000);
  let memberId = '';
  let membership: Membership | undefined;
  let coordinator: KafkaBroker | undefined;

  async function coordinatorNow(): Promise<KafkaBroker> {
    coordinator ??= await client.coordinator('group', group);
    return coordinator;
  }

  function forgetCoordinator(error: unknown): void {
    if (coordinator !== undefined && failureKind(error) === 'connection') client.drop(coordinator.id);
    coordinator = undefined;
  }

  async function run(signal: AbortSignal): Promise<void> {
    const backoff = createBackoff();
    let last: Membership | undefined;
    while (!signal.aborted) {
      try {
        const joined = await join();
        const known = await partitionCount();
        if (known === 0) options.onMissing();
        const { generation } = joined;
        const kept = last?.memberId === memberId && generation <= last.generation + 1;
        last = membership = { memberId, instanceId, generation };
        await options.onAssigned(joined.partitions, kept);
        backoff.reset();
        trouble.worked();
        last = await live(signal, membership, sharedOut(joined, known));
      } catch (error) {
        membership = undefined;
        if (signal.aborted) return;
        const type = errorType(error);
        if (type === fenced) throw fencedError(error);
        if (type === 'REBALANCE_IN_PROGRESS') continue;
        if (type !== undefined && expelled.has(type)) {
          last = undefined;
          if (type === 'UNKNOWN_MEMBER_ID') memberId = '';
          continue;
        }
        if (failureKind(error) === 'final') throw error;
        trouble.failed(error);
        forgetCoordinator(error);
        await backoff.pause(signal);
      }
    }
  }

  async function partitionCount(): Promise<number> {
    const { topics } = await client.metadata([topic], false);
    return topics[0]?.partitions.length ?? 0;
  }

  async function join(): Promise<Joined & { readonly partitions: readonly number[] }> {
    const broker = await coordinatorNow();
    const joined = await joinAs(broker, memberId);
    memberId = joined.memberId;
    const assignments = joined.members === undefined ? new Map() : await share(joined.members);
    const assignment = await broker.send(syncGroupRequest(group, joined, assignments));
    return { ...joined, partitions: assignment[topic] ?? [] };
  }

  async function joinAs(broker: KafkaBroker, id: string): Promise<Joined> {
    const answer = await broker.send(
      joinGroupRequest({ group, memberId: id, instanceId, topic, sessionTimeout, rebalanceTimeout }),
    );
    return 'joinAs' in answer ? joinAs(broker, answer.joinAs) : answer;
  }

  /**
   * How many partitions of the topic we have shared out, as the leader; undefined where another member leads. One that comes back in the place
   * of the leader is not told so, but that it was: ids of static members begin with the instance id. How many there were then it does not know: -1, so
   * that the next look has the group share out anew.
   */
  function sharedOut({ members, leaderId }: Joined, known: number): number | undefined {
    if (members !== undefined) return known;
    const isSuccessor = instanceId !== undefined && leaderId.startsWith(`${instanceId}-`);
    if (!isSuccessor) return undefined;
    return known === 0 ? 0 : -1;
  }

  function fencedError(cause: unknown): NstackError {
    return new NstackError(
      'broker-unavailable',
      `kafka/${topic}: another process has taken our place in the group ${group}: it has come with the same group.instance.id, ${instanceId}`,
      {
        hint: 'Two copies of a workflow need state folders of their own, or hosts of different names. It goes on where the other is.',
        cause,
      },
    );
  }

  async function share(members: NonNullable<Joined['members']>) {
    const wanted = [...new Set(members.flatMap(({ topics }) => topics))];
    const { topics } = await client.metadata(wanted, false);
    const partitions = topics.map(
      ({ name, partitions }) => [name, partitions.map(({ id }) => id).sort((a, b) => a - b)] as const,
    );
    return assignRange(members, new Map(partitions));
  }

  /** Heartbeats until the group is shared out anew; answers the membership that held until then. Rejects when it is lost. */
  async function live(
    signal: AbortSignal,
    mine: Membership,
    partitions: number | undefined,
  ): Promise<Membership> {
    const interval = Math.max(100, Math.min(3_000, sessionTimeout / 5));
    const finishing = new AbortController();
    let finished: Promise<void> | undefined;
    let isFinished = false;
    let lastLook = Date.now();

    function finish(): void {
      finished ??= options.onRebalance(AbortSignal.any([signal, finishing.signal])).then(() => {
        isFinished = true;
      });
      finished.catch(() => {});
    }

    const deadline = { at: Number.POSITIVE_INFINITY };
    while (!signal.aborted) {
      await Promise.race([
        pauseFor(interval, undefined, { signal }).catch(() => {}),
        ...(finished ? [finished] : []),
      ]);
      if (isFinished) {
        await finished;
        return mine;
      }
      if (signal.aborted) break;
      if (Date.now() > deadline.at) finishing.abort();
      try {
        await (await coordinatorNow()).send(heartbeatRequest(group, mine));
        trouble.worked();
        if (
          partitions !== undefined &&
          Date.now() - lastLook > (partitions === 0 ? topicLook : partitionLook)
        ) {
          lastLook = Date.now();
          if ((await partitionCount()) !== partitions) finish();
        }
      } catch (error) {
        if (signal.aborted) break;
        const type = errorType(error);
        if (type === 'REBALANCE_IN_PROGRESS') {
          if (finished === undefined) deadline.at = Date.now() + rebalanceTimeout / 3;
          finish();
          continue;
        }
        // What is lost is lost: nothing can be finished in time.
        if (failureKind(error) === 'final' || (type !== undefined && expelled.has(type))) {
          finishing.abort();
          await finished;
          throw error;
        }
        trouble.failed(error);
        forgetCoordinator(error);
      }
    }
    return mine;
  }

  return {
    run,
    get membership() {
      return membership;
    },
    async commit(offsets) {
      const mine = membership;
      if (mine === undefined || offsets.length === 0) return offsets.length === 0;
      try {
        const broker = await coordinatorNow();
        const answers = await broker.send(offsetCommitRequest({ group, topic, membership: mine, offsets }));
        for (const { errorCode } of answers) if (errorCode !== 0) throwKafkaError(errorCode);
        return true;
      } catch (error) {
        const type = errorType(error) ?? '';
        // The membership is the business of the heartbeats, which hear of it too.
        if (type === 'REBALANCE_IN_PROGRESS' || expelled.has(type)) return false;
        forgetCoordinator(error);
        throw error;
      }
    },
    async leave() {
      const mine = membership;
      membership = undefined;
      if (mine !== undefined && coordinator !== undefined)
        await coordinator.send(leaveGroupRequest(group, mine));
    },
  };
}
