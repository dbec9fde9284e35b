import type { TraceRecord } from '../../workflow/index.ts';

/** The way of one source batch through a workflow, as it is put together. Times are milliseconds of `performance.now()`. */
export interface Trace {
  /** Messages of the batch have come to a node, or have left it. */
  mark(label: string, side: 'in' | 'out', count: number): void;
}

/** Makes traces, and hands each on when its batch is complete. */
export interface Tracer {
  begin(batch: { readonly count: number; readonly position: unknown; readonly partition: string }): {
    readonly trace: Trace;
    complete(): void;
  };
}

export function createTracer(source: string, onRecord: (record: TraceRecord) => void): Tracer {
  return {
    begin({ count, position, partition }) {
      const began = performance.now();
      const at = new Date();
      const nodes = new Map<string, { in: number; firstIn: number; out: number; lastOut: number }>();
      const since = () => Math.round((performance.now() - began) * 1000) / 1000;
      return {
        trace: {
          mark(label, side, messages) {
            const known = nodes.get(label) ?? { in: 0, firstIn: since(), out: 0, lastOut: 0 };
            nodes.set(label, known);
            known[side] += messages;
            if (side === 'out') known.lastOut = since();
          },
        },
        complete() {
          onRecord({
            at: at.toISOString(),
            source,
            partition,
            position,
            count,
            nodes: [...nodes].map(([node, passage]) => ({ node, ...passage })),
            milliseconds: since(),
          });
        },
      };
    },
  };
}
