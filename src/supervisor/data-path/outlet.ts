import type { Block } from './block.ts';

/** Where messages go next: a stage, a sink, or something that makes others of them. `push` resolves when more may come; pushes of one sequence come in order. */
export interface Outlet {
  push(block: Block): Promise<void>;
  /** Resolves when everything pushed has left for good. */
  end(): Promise<void>;
}
