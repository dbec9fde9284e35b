/** A member as the group knows it: under an id that the group gives and, if it is a static one (KIP-345), one that it brought itself. */
export interface MemberIdentity {
  readonly memberId: string;
  /** Stays the same when the member comes back: it then takes its own place. */
  readonly instanceId: string | undefined;
}

export interface Membership extends MemberIdentity {
  readonly generation: number;
}

export interface JoinRequest extends MemberIdentity {
  readonly group: string;
  readonly topic: string;
  /** Milliseconds without a heartbeat after which the group gives our partitions to others. */
  readonly sessionTimeout: number;
  /** Milliseconds that a member may take to join again. */
  readonly rebalanceTimeout: number;
}

export interface Joined extends Membership {
  readonly leaderId: string;
  /** Where this member has to share out the partitions: everybody, with the topics that each asks for. */
  readonly members: readonly { readonly memberId: string; readonly topics: readonly string[] }[] | undefined;
}

/** Partitions by topic. */
export type Assignment = Readonly<Record<string, readonly number[]>>;
