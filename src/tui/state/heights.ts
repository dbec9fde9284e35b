import { headLines } from '../views/detail-head.ts';
import { noticeLines } from '../views/notice.ts';
import type { TuiState } from './state.ts';

/** Lines that tell of a lost connection while the last that was known is still shown. */
export function bannerHeight({ connection, workflows }: TuiState): number {
  return connection.kind === 'lost' && workflows.size > 0 ? 1 : 0;
}

/** Lines between the title and the notice. */
export function bodyHeight(state: TuiState): number {
  return Math.max(1, state.size.rows - 2 - bannerHeight(state) - noticeLines(state).length);
}

/** Lines of what is below the tabs of a workflow. */
export function paneHeight(state: TuiState): number {
  return Math.max(1, bodyHeight(state) - headLines(state).length - 1);
}

/** Lines of the list of workflows: below them the trouble of the marked one. */
export function listHeight(state: TuiState): number {
  return bodyHeight(state) - 1;
}
