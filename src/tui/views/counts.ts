import { sum } from '../../client/index.ts';
import type { Watched } from '../state/state.ts';

/** What was read; of one that does not run, in its last run. */
export function readBy({ info: { status, outcome } }: Watched): number | undefined {
  return status === undefined ? outcome?.in : sum(status.sources.map((source) => source.in));
}

/** What was confirmed. */
export function writtenBy({ info: { status, outcome } }: Watched): number | undefined {
  return status === undefined ? outcome?.out : sum(status.sinks.map((sink) => sink.out));
}

/** Messages that wait in the sources' systems, where at least one says so. */
export function lagOf({ info: { status } }: Watched): number | undefined {
  const known = (status?.sources ?? []).flatMap(({ progress: { lag } }) => (lag === undefined ? [] : [lag]));
  return known.length === 0 ? undefined : sum(known);
}
