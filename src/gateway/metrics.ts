import type { SupervisorInfo, WorkflowInfo, WorkflowState } from '../workflow/index.ts';

/** The media type of Prometheus' text format, version 0.0.4. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

const states: readonly WorkflowState[] = [
  'defined',
  'starting',
  'running',
  'paused',
  'stopping',
  'stopped',
  'restarting',
  'ended',
  'failed',
];

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/**
 * What Prometheus asks for (https://prometheus.io/docs/instrumenting/exposition_formats/). Counters of messages belong to a workflow's present data path: they begin
 * anew when it is started again, as `rate()` expects of a process that was.
 */
export function printMetrics(info: SupervisorInfo, workflows: readonly WorkflowInfo[]): string {
  return [...supervisorMetrics(info), ...workflowMetrics(workflows), ...nodeMetrics(workflows)]
    .filter(({ samples }) => samples.length > 0)
    .map(printMetric)
    .join('');
}

function supervisorMetrics(info: SupervisorInfo): readonly Metric[] {
  const one = (value: number, labels: Labels = {}): readonly Sample[] => [[labels, value]];
  return [
    gauge('supervisor_info', 'The supervisor, by its version.', one(1, { version: info.version })),
    gauge(
      'supervisor_start_time_seconds',
      'When it was started, in seconds since 1970.',
      one(Date.parse(info.started) / 1000),
    ),
    gauge('supervisor_resident_memory_bytes', 'Memory of the supervisor itself.', one(info.memory)),
    counter('supervisor_cpu_seconds_total', 'CPU that the supervisor itself has used.', one(info.cpuSeconds)),
  ];
}

function workflowMetrics(workflows: readonly WorkflowInfo[]): readonly Metric[] {
  const each = (value: (info: WorkflowInfo) => number | undefined): Sample[] =>
    workflows.flatMap((info) => {
      const found = value(info);
      return found === undefined ? [] : [[{ workflow: info.name }, found] as const];
    });
  return [
    gauge(
      'workflow_state',
      '1 for the state that a workflow is in, 0 for the others.',
      workflows.flatMap(({ name, state }) =>
        states.map((one) => [{ workflow: name, state: one }, one === state ? 1 : 0] as const),
      ),
    ),
    counter(
      'workflow_restarts_total',
      'How often a data path was started again after a fault.',
      each(({ restarts }) => restarts),
    ),
    gauge(
      'workflow_dead_letters_kept',
      'Dead letters that wait for someone.',
      each(({ deadLetters }) => deadLetters),
    ),
    counter(
      'workflow_dead_letters_total',
      'Messages given up on.',
      each(({ status }) => status?.deadLetters),
    ),
    gauge(
      'workflow_pending_messages',
      'Messages read and neither confirmed nor given up on.',
      each(({ status }) => status?.pending),
    ),
  ];
}

function nodeMetrics(workflows: readonly WorkflowInfo[]): readonly Metric[] {
  const each = <T extends { readonly label: string }>(
    kind: 'source' | 'stage' | 'sink',
    nodes: (status: NonNullable<WorkflowInfo['status']>) => readonly T[],
    value: (node: T) => number | undefined,
  ): Sample[] =>
    workflows.flatMap(({ name, status }) =>
      (status === undefined ? [] : nodes(status)).flatMap((node) => {
        const found = value(node);
        return found === undefined ? [] : [[{ workflow: name, [kind]: node.label }, found] as const];
      }),
    );
  const sources = (value: (node: NodeOf<'sources'>) => number | undefined) =>
    each('source', (status) => status.sources, value);
  const stages = (value: (node: NodeOf<'stages'>) => number | undefined) =>
    each('stage', (status) => status.stages, value);
  return [
    counter(
      'source_messages_total',
      'Messages read.',
      sources((node) => node.in),
    ),
    gauge(
      'source_lag_messages',
      'Messages that wait in the source system.',
      sources((node) => node.progress.lag),
    ),
    counter(
      'stage_messages_in_total',
      'Messages that came to a stage.',
      stages((node) => node.in),
    ),
    counter(
      'stage_messages_out_total',
      'Results of a stage.',
      stages((node) => node.out),
    ),
    counter(
      'stage_dead_letters_total',
      'Messages that a stage gave up on.',
      stages((node) => node.dead),
    ),
    counter(
      'stage_retries_total',
      'Messages tried again.',
      stages((node) => node.retries),
    ),
    counter(
      'stage_replaced_total',
      'Instances lost and replaced.',
      stages((node) => node.replaced),
    ),
    gauge(
      'stage_waiting_messages',
      'Messages that wait in front of a stage.',
      stages((node) => node.waiting),
    ),
    counter(
      'sink_messages_total',
      'Messages that the sink has confirmed.',
      each(
        'sink',
        (status) => status.sinks,
        (node) => node.out,
      ),
    ),
  ];
}

type NodeOf<K extends 'sources' | 'stages'> = NonNullable<WorkflowInfo['status']>[K][number];

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `nstack_${name}`, type: 'gauge', help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `nstack_${name}`, type: 'counter', help, samples };
}

function printMetric({ name, type, help, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => {
    const written = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${written.length === 0 ? '' : `{${written.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
