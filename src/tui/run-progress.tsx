import { Box, render, Text } from 'ink';
import {
  count,
  createMeasurer,
  duration,
  type Measures,
  type ServiceLog,
  type WorkflowStatus,
} from '../client/index.ts';

/** The live view of one run, drawn on a terminal. `show` redraws; `log` prints a line above; `close` leaves the last picture. */
export interface RunProgress {
  show(status: WorkflowStatus): void;
  log(entry: ServiceLog): void;
  close(): void;
}

const mostLogLines = 6;

export function drawRunProgress(stderr: NodeJS.WriteStream, stdin: NodeJS.ReadStream): RunProgress {
  const measure = createMeasurer();
  const lines: NumberedLog[] = [];
  let logged = 0;
  let last: { status: WorkflowStatus; measures: Measures } | undefined;
  // Ctrl-C stays with the command line; the view never reads the keyboard, since stdin may be the source.
  const view = render(<Text>starting</Text>, {
    stdout: stderr,
    stderr,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const redraw = () => {
    if (last !== undefined) view.rerender(<RunView {...last} log={lines} width={stderr.columns ?? 80} />);
  };
  return {
    show(status) {
      last = { status, measures: measure(status) };
      redraw();
    },
    log(entry) {
      lines.push({ ...entry, id: logged++ });
      if (lines.length > mostLogLines) lines.shift();
      redraw();
    },
    close() {
      view.unmount();
    },
  };
}

interface NumberedLog extends ServiceLog {
  readonly id: number;
}

interface RunViewProps {
  readonly status: WorkflowStatus;
  readonly measures: Measures;
  readonly log: readonly NumberedLog[];
  readonly width: number;
}

/** One row a part of the workflow, a bar, and the last lines that services logged. */
export function RunView({ status, measures, log, width }: RunViewProps) {
  const { sources, stages, sinks, deadLetters, phase } = status;
  return (
    <Box flexDirection="column">
      {sources.map((source, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a part's place in the workflow is what tells it from another of its name
          key={index}
          name={source.label}
          part="source"
          counts={`${count(source.in)} read`}
          note={lagOf(source)}
        />
      ))}
      {stages.map((stage, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a stage's place in the workflow is what tells it from another use of its function
          key={index}
          name={stage.label}
          part="stage"
          counts={`${count(stage.out)} done`}
          note={notes(stage)}
        />
      ))}
      {sinks.map((sink, index) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a part's place in the workflow is what tells it from another of its name
          key={index}
          name={sink.label}
          part="sink"
          counts={`${count(sink.out)} confirmed`}
          note={index === sinks.length - 1 && deadLetters > 0 ? `${count(deadLetters)} dead letters` : ''}
        />
      ))}
      <Text>
        {bar(measures.share, Math.min(30, Math.max(10, width - 50)))} {count(measures.rate)} messages/s{' '}
        <Text dimColor>
          {phase === 'running' && measures.eta !== undefined ? `${duration(measures.eta)} to go` : phase}
        </Text>
      </Text>
      {log.map((entry) => (
        <Text key={entry.id} dimColor wrap="truncate">
          {entry.stage} {entry.level}: {entry.message}
        </Text>
      ))}
    </Box>
  );
}

function Row({
  name,
  part,
  counts,
  note,
}: {
  readonly name: string;
  readonly part: string;
  readonly counts: string;
  readonly note: string;
}) {
  return (
    <Box>
      <Box width={8}>
        <Text dimColor>{part}</Text>
      </Box>
      <Box width={24}>
        <Text bold wrap="truncate">
          {name}
        </Text>
      </Box>
      <Box width={24}>
        <Text>{counts}</Text>
      </Box>
      <Text color="yellow">{note}</Text>
    </Box>
  );
}

function lagOf({ progress: { lag } }: WorkflowStatus['sources'][number]): string {
  return lag === undefined || lag === 0 ? '' : `${count(lag)} wait`;
}

function notes(stage: WorkflowStatus['stages'][number]): string {
  const parts: string[] = [];
  if (stage.dead > 0) parts.push(`${count(stage.dead)} dead`);
  if (stage.retries > 0) parts.push(`${count(stage.retries)} retries`);
  if (stage.replaced > 0) parts.push(`${count(stage.replaced)} instances replaced`);
  return parts.join(', ');
}

function bar(share: number | undefined, width: number): string {
  if (share === undefined) return '';
  const filled = Math.round(share * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(Math.floor(share * 100)).padStart(3)}%`;
}
