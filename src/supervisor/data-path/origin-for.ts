import type { Sink, Source } from '../../connectors/index.ts';
import { NstackError } from '../../core/index.ts';
import type { Plan } from '../../workflow/index.ts';

/** The origin that a sink with transactions confirms; such a sink stands at the end of a workflow with one source, and no other sink. */
export async function originFor(
  plan: Plan,
  sources: ReadonlyMap<number, Source>,
  sinks: ReadonlyMap<number, Sink>,
): Promise<unknown> {
  const exact = [...sinks.values()].find(({ transactions }) => transactions !== undefined);
  if (exact?.transactions === undefined) return undefined;
  const [source] = sources.values();
  const ends = plan.nodes.filter((node) => node.kind === 'sink' || ('to' in node && node.to.length === 0));
  if (sources.size !== 1 || ends.length !== 1) {
    throw new NstackError(
      'connector-invalid',
      `${exact.where}: guarantee = "exactly-once" is for workflows with one source and one sink; this one has ${sources.size} and ${ends.length}`,
      { hint: 'Leave out `guarantee`: messages are then delivered at least once.' },
    );
  }
  await exact.transactions.check(source?.origin);
  return source?.origin;
}
