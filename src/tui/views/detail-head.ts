import { closingLine } from '../../client/index.ts';
import { clip, type Line, line } from '../lines.ts';
import { short, span, sparkline } from '../numbers.ts';
import { oneLine, wrap } from '../printable.ts';
import { rateHistory, ratesOf } from '../state/samples.ts';
import { troubleOf } from '../state/select.ts';
import type { TuiState, Watched } from '../state/state.ts';
import { lagOf } from './counts.ts';
import { since, stateColors } from './words.ts';

/** What is above the tabs: name and state, the text, rates over the last minute, and what is wrong. */
export function headLines(state: TuiState): readonly Line[] {
  const watched = state.workflows.get(state.detail?.name ?? '');
  if (watched === undefined) return [];
  const { columns: width, rows } = state.size;
  const roomy = rows >= 20;
  const { info } = watched;
  return [
    nameLine(watched, state.now),
    ...wrap(info.text.trim(), width - 2, roomy ? 4 : 1).map((text) => line(`  ${text}`, { dim: true })),
    ...(info.status === undefined ? outcomeLines(watched) : countLines(watched, width, roomy)),
    ...troubleLines(watched, width, roomy ? 2 : 1),
  ].map((each) => clip(each, width));
}

function nameLine({ info }: Watched, now: number): Line {
  const color = stateColors[info.state];
  const restarts =
    info.restarts === 0 ? '' : `  ${info.restarts} ${info.restarts === 1 ? 'restart' : 'restarts'}`;
  return [
    { text: ` ${oneLine(info.name)}`, bold: true },
    { text: ` v${info.version}  ` },
    { text: info.state, bold: true, ...(color === undefined ? {} : { color }) },
    { text: ` for ${since(info.since, now)}` },
    { text: restarts, color: 'magenta' },
  ];
}

function countLines(watched: Watched, width: number, roomy: boolean): readonly Line[] {
  const { info, samples } = watched;
  const { status, deadLetters } = info;
  const rates = ratesOf(samples);
  const lag = lagOf(watched);
  const facts = [
    `pending ${short(status?.pending)}`,
    `dead ${short(deadLetters)}`,
    ...(lag === undefined ? [] : [`lag ${short(lag)}`]),
    ...(status?.latency === undefined
      ? []
      : [`p50 ${span(status.latency.p50)}`, `p99 ${span(status.latency.p99)}`]),
  ].join('  ');
  const room = Math.min(60, roomy ? width - 16 : Math.floor((width - 30 - facts.length) / 2));
  const side = (name: 'in' | 'out'): Line => [
    { text: `  ${name.padEnd(3)} ${short(rates?.[name]).padStart(6)}/s ` },
    { text: room < 5 ? '' : sparkline(rateHistory(samples, name), room), color: 'green' },
  ];
  if (!roomy) return [[...side('in'), ...side('out'), { text: `  ${facts}` }]];
  return [side('in'), side('out'), line(`  ${facts}`)];
}

/** How the last run went, where there was one. */
function outcomeLines({ info: { outcome } }: Watched): readonly Line[] {
  return outcome === undefined ? [] : [line(`  last run ${oneLine(closingLine(outcome))}`)];
}

function troubleLines(watched: Watched, width: number, most: number): readonly Line[] {
  const trouble = troubleOf(watched);
  if (trouble === undefined) return [];
  return wrap(oneLine(trouble), width - 2, most).map((text) => line(`  ${text}`, { color: 'red' }));
}
