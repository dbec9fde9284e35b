/** The way of one source batch through a workflow, as it is put together. Times are milliseconds of `performance.now()`. */
export interface Trace {
  /** Messages of the batch have come to a node, or have left it. */
  mark(label: string, side: 'in' | 'out', count: number): void;
}

/** One finished trace, a line of `trace.ndjson`. Times are milliseconds since the batch was read. */
export interface TraceRecord {
  /** ISO 8601: when the batch was read. */
  readonly at: string;
  readonly source: string;
  readonly partition: string;
  readonly position: unknown;
  /** Messages of the batch, those that did not fit among them. */
  readonly count: number;
  readonly nodes: readonly NodePassage[];
  /** When the last of its deliveries ended. */
  readonly milliseconds: number;
}

/** Batches pass a stage in blocks, so that there is a first and a last moment. */
export interface NodePassage {
  readonly node: string;
  readonly in: number;
  readonly firstIn: number;
  readonly out: number;
  readonly lastOut: number;
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
