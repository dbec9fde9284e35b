import { count, workflowRuns } from '../../client/index.ts';
import { clip, exactly, justify, type Line } from '../lines.ts';
import { oneLine } from '../printable.ts';
import { bannerHeight, bodyHeight } from '../state/heights.ts';
import { type Detail, type Tab, type TuiState, tabs } from '../state/state.ts';
import { awayLines, bannerLine } from './away.ts';
import { headLines } from './detail-head.ts';
import { footerLine } from './footer.ts';
import { helpLines } from './help.ts';
import { historyLines } from './history.ts';
import { letterPaneLines } from './letter.ts';
import { lettersLines } from './letters.ts';
import { logLines } from './log.ts';
import { nodeLines } from './nodes.ts';
import { noticeLines } from './notice.ts';
import { listLines } from './workflow-list.ts';

/** The whole screen: as many lines as it has rows, none wider than it. */
export function screenLines(state: TuiState): readonly Line[] {
  const { columns, rows } = state.size;
  const lines = [
    titleLine(state),
    ...(bannerHeight(state) > 0 ? [bannerLine(state)] : []),
    ...exactly(bodyLines(state), bodyHeight(state)),
    ...noticeLines(state),
    footerLine(state),
  ];
  return exactly(lines, rows).map((line) => clip(line, columns));
}

function titleLine({ address, workflows, connection, list, size }: TuiState): Line {
  const running = [...workflows.values()].filter(({ info }) => workflowRuns(info.state)).length;
  const counts =
    connection.kind === 'connected'
      ? `${count(workflows.size)} ${workflows.size === 1 ? 'workflow' : 'workflows'}, ${count(running)} running`
      : '';
  const filter = list.filter === '' ? '' : `  filter ${list.filter}`;
  const order = list.order === 'name' ? '' : `  by ${list.order}`;
  const left: Line = [
    { text: ' nstack', bold: true },
    { text: `  ${counts}` },
    { text: order },
    { text: filter, color: 'yellow' },
  ];
  return justify(left, [{ text: `${oneLine(address)} `, dim: true }], size.columns);
}

function bodyLines(state: TuiState): readonly Line[] {
  const { overlay, detail, connection, workflows, size } = state;
  if (overlay?.kind === 'help') return helpLines(size.columns).slice(overlay.top);
  if (connection.kind !== 'connected' && workflows.size === 0) return awayLines(state);
  if (detail === undefined) return listLines(state);
  if (detail.letter !== undefined) return letterPaneLines(state, detail.letter);
  return [...headLines(state), tabLine(state, detail), ...paneLines(state, detail)];
}

function paneLines(state: TuiState, detail: Detail): readonly Line[] {
  switch (detail.tab) {
    case 'nodes':
      return nodeLines(state, detail);
    case 'log':
      return logLines(state, detail);
    case 'history':
      return historyLines(state, detail);
    case 'letters':
      return lettersLines(state, detail);
    default:
      return detail.tab satisfies never;
  }
}

function tabLine({ workflows, size }: TuiState, { name, tab, log }: Detail): Line {
  const dead = workflows.get(name)?.info.deadLetters ?? 0;
  const words: Readonly<Record<Tab, string>> = {
    nodes: 'nodes',
    log: log.bottom === undefined ? 'log' : 'log (held)',
    history: 'history',
    letters: dead === 0 ? 'dead letters' : `dead letters (${count(dead)})`,
  };
  const spans = tabs.map((each) =>
    each === tab
      ? { text: `[${words[each]}]`, bold: true, color: 'cyan' as const }
      : { text: ` ${words[each]} `, dim: true },
  );
  const bar: Line = [{ text: '─', dim: true }, ...spans];
  const rest = size.columns - bar.reduce((total, { text }) => total + text.length, 0);
  return rest < 0 ? clip(bar, size.columns) : [...bar, { text: '─'.repeat(rest), dim: true }];
}
