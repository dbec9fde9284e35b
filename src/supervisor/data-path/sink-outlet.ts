import type { Sink, Undelivered } from '../../connectors/index.ts';
import type { Validator } from '../../types/index.ts';
import { arrayOf, type Block, markRuns, messageBytes, runsOf, runsWithout, settleRuns } from './block.ts';
import type { DeadLetterKeeper } from './journal.ts';
import type { Outlet } from './outlet.ts';
import { undelivered } from './rpc-errors.ts';
import { createSlots } from './slots.ts';

/** Batches that the sink may hold unconfirmed. */
const writesInFlight = 8;

export interface SinkOutletOptions {
  readonly label: string;
  readonly sink: Sink;
  readonly json: Validator;
  readonly deadLetters: DeadLetterKeeper;
  onConfirmed(count: number): void;
  onFailure(error: unknown): void;
}

/** A workflow's end: results go to the sink, and a delivery ends when the sink has confirmed it, or given it up. */
export function createSinkOutlet(options: SinkOutletOptions): Outlet {
  const { label, sink, json, deadLetters } = options;
  const slots = createSlots(() => writesInFlight);

  async function write(block: Block): Promise<void> {
    markRuns(block.runs, label, 'in');
    const { text, starts, ends } = arrayOf(block, json);
    const undelivered = await sink.write({ items: text, count: block.count, starts, ends });
    const gone = undelivered.map(({ index }) => index);
    await Promise.all(undelivered.map((one) => bury(block, one)));
    markRuns(block.runs, label, 'out');
    settleRuns(gone.length === 0 ? block.runs : runsWithout(block.runs, gone), 'confirmed');
    options.onConfirmed(block.count - gone.length);
    slots.release();
  }

  async function bury(block: Block, { index, message, attempts }: Undelivered): Promise<void> {
    const payload = messageBytes(block, index, json);
    await deadLetters.keep({
      stage: label,
      error: undelivered(message),
      attempts,
      payload,
      json: true,
    });
    settleRuns(runsOf(block, [index]), 'dead');
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
