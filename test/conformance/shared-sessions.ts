import type { FixtureService, LanguageAdapter } from './language-adapter.ts';
import { openPeer, openStarted, type PeerSession, type RawSession } from './session.ts';

/** Shims that many cases use one after the other. One that a case has failed on is replaced, so that a failure stays its own. */
export interface SharedSessions extends AsyncDisposable {
  raw(): Promise<RawSession>;
  peer(): Promise<PeerSession>;
  /** Ends both; the next case starts new ones. */
  replace(): Promise<void>;
}

export function createSharedSessions(language: LanguageAdapter, service: FixtureService): SharedSessions {
  let raw: Promise<RawSession> | undefined;
  let peer: Promise<PeerSession> | undefined;
  const replace = async () => {
    const open = [raw, peer];
    raw = undefined;
    peer = undefined;
    for (const session of open) await (await session)?.[Symbol.asyncDispose]();
  };
  return {
    raw: () => {
      raw ??= openStarted(language, service);
      return raw;
    },
    peer: () => {
      peer ??= openPeer(language, service);
      return peer;
    },
    replace,
    [Symbol.asyncDispose]: replace,
  };
}
