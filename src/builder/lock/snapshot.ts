import { createHttp } from '../../registry/index.ts';
import type { DebianSnapshot } from '../../stacks/index.ts';

const official = 'https://snapshot.debian.org';
/** Milliseconds: whoever cannot be reached in that time is not there. */
const patience = 2_000;

/** The mirror of Debian's archive of every day: that of NSTACK_DEBIAN_SNAPSHOT, else Debian's own. */
export function snapshotMirror(env: Readonly<Record<string, string | undefined>>): string {
  return (env.NSTACK_DEBIAN_SNAPSHOT || official).replace(/\/+$/, '');
}

/** Debian's archive at a time, where the mirror answers for it within two seconds; undefined where it does not. Never throws but by the signal. */
export async function reachSnapshot(
  time: string,
  { env, signal }: { readonly env: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<DebianSnapshot | undefined> {
  const mirror = snapshotMirror(env);
  try {
    const { status, body } = await createHttp(env)({
      method: 'HEAD',
      url: new URL(`${mirror}/archive/debian/${time}/dists/trixie/InRelease`),
      headers: {},
      silence: patience,
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    });
    body.destroy();
    // The archive answers for any time by the address of the last state before it.
    return status < 400 ? { mirror, time } : undefined;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** A time as the archive writes it: `20261130T062200Z`. */
export function snapshotTime(date: Date): string {
  return date.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
