import { NstackError } from '../../core/index.ts';
import { compileValidator } from '../../types/index.ts';
import type { Plan, PlanNode } from '../../workflow/index.ts';
import { createBlock, runOf } from './block.ts';
import type { Inlets } from './compose.ts';
import type { DeadLetter } from './journal.ts';
import { type Book, createBook, createLedger } from './ledger.ts';

/** A dead letter that goes once more. */
export interface ReplayLetter extends DeadLetter {
  readonly id: number;
}

/** `ended`: those that arrived or became dead letters anew, and so are not needed any more. `refused`: those that cannot enter the workflow, with the reason. */
export interface ReplayResult {
  readonly ended: readonly number[];
  /** How many of `ended` became dead letters anew. */
  readonly failed: number;
  readonly refused: readonly { readonly id: number; readonly reason: string }[];
}

/** Sends dead letters once more to the nodes that gave them up. */
export interface Replayer {
  replay(letters: readonly ReplayLetter[]): Promise<ReplayResult>;
  /** Refuses letters from now on, with `interrupted`, and resolves when none is under way: only then may the inlets be ended. */
  close(): Promise<void>;
}

/** What became of the letters is added to `total`, when they have ended. */
export function createReplayer(plan: Plan, inlets: Inlets, total: Book): Replayer {
  const underWay = new Set<Promise<unknown>>();
  let closed = false;

  async function replay(letters: readonly ReplayLetter[]): Promise<ReplayResult> {
    if (closed) {
      throw new NstackError('interrupted', `${plan.name} is ending and takes no dead letters any more`, {
        hint: 'Those that were not sent are kept; send them when it runs again.',
      });
    }
    const refused: { id: number; reason: string }[] = [];
    const ended: number[] = [];
    let failed = 0;
    const sent = letters.map(async (letter) => {
      const reason = await send(letter, (dead) => {
        if (dead) failed++;
      });
      if (reason === undefined) ended.push(letter.id);
      else refused.push({ id: letter.id, reason });
    });
    const all = Promise.all(sent);
    underWay.add(all);
    await all.finally(() => underWay.delete(all));
    return { ended, failed, refused };
  }

  /** Resolves when the message has ended; answers why it cannot enter, where it cannot. */
  async function send(letter: ReplayLetter, onEnd: (dead: boolean) => void): Promise<string | undefined> {
    const index = plan.nodes.findIndex((node) => 'label' in node && node.label === letter.stage);
    const [node, inlet] = [plan.nodes[index], inlets.get(index)];
    if (node === undefined || inlet === undefined) return `the workflow has no ${letter.stage} any more`;
    const payload = Buffer.from(letter.payload);
    const misfit = node.kind === 'source' ? misfitOf(node, payload) : undefined;
    if (misfit !== undefined) return misfit;
    const book = createBook();
    const ledger = createLedger(book, () => {});
    const batch = ledger.open(1, undefined, 'replay');
    const keys = letter.key === undefined ? undefined : Int32Array.of(letter.key);
    await inlet.push(createBlock([payload], 1, [runOf(batch, 1, keys)]));
    await ledger.drained();
    for (const what of Object.keys(book) as (keyof Book)[]) total[what] += book[what];
    onEnd(book.dead > 0);
    return undefined;
  }

  return {
    replay,
    async close() {
      closed = true;
      await Promise.all(underWay);
    },
  };
}

/** What the source could not take may fit by now: the workflow's type may have changed. */
function misfitOf(node: PlanNode & { readonly kind: 'source' }, payload: Buffer): string | undefined {
  const type = node.from.kind === 'connector' ? node.from.type : node.from.output;
  const fault = compileValidator(type, 'input').check(payload, 0, payload.length);
  return fault === undefined ? undefined : `the message does not fit ${node.label}: still no ${type.kind}`;
}
