import type { Sink } from '../../connectors/index.ts';
import type { Validator } from '../../types/index.ts';
import { arrayOf, type Block, settleRuns } from './block.ts';
import { createSlots } from './slots.ts';
import type { Outlet } from './stage.ts';

/** Batches that the sink may hold unconfirmed. */
const writesInFlight = 8;

/** The workflow's end: results go to the sink, and a delivery is acknowledged when the sink has confirmed it. */
export function createSinkOutlet(
  sink: Sink,
  json: Validator,
  options: { onConfirmed(count: number): void; onFailure(error: unknown): void },
): Outlet {
  const slots = createSlots(writesInFlight);

  async function write(block: Block): Promise<void> {
    const { text, starts, ends } = arrayOf(block, json);
    await sink.write({ items: text, count: block.count, starts, ends });
    settleRuns(block.runs);
    options.onConfirmed(block.count);
    slots.release();
  }

  return {
    async push(block) {
      await slots.acquire();
      write(block).catch(options.onFailure);
    },
    async end() {
      for (let slot = 0; slot < writesInFlight; slot++) await slots.acquire();
    },
  };
}
