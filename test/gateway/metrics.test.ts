import { expect, it } from 'vitest';
import { printMetrics } from '../../src/gateway/metrics.ts';
import type { SupervisorInfo, WorkflowInfo } from '../../src/workflow/index.ts';

const info: SupervisorInfo = {
  version: '1.2.3',
  pid: 1,
  started: '2026-01-01T00:00:00.000Z',
  stateFolder: '/s',
  listens: [],
  workflows: 2,
  running: 1,
  memory: 50_000_000,
  cpuSeconds: 1.5,
};

const workflow: WorkflowInfo = {
  name: 'say "hi"\\\n',
  version: 1,
  text: '',
  state: 'running',
  since: '',
  restarts: 2,
  deadLetters: 4,
  status: {
    phase: 'running',
    elapsed: 1,
    sources: [{ label: 'kafka/clicks', in: 10, progress: { unit: 'messages', done: 10, lag: 7 } }],
    stages: [{ label: 'Clean', in: 9, out: 8, dead: 1, retries: 3, replaced: 2, waiting: 5 }],
    sinks: [{ label: 'log', out: 8 }],
    deadLetters: 1,
    pending: 6,
  },
};

it('prints what Prometheus reads', () => {
  const idle: WorkflowInfo = {
    name: 'idle',
    version: 1,
    text: '',
    state: 'defined',
    since: '',
    restarts: 0,
    deadLetters: 0,
  };
  const text = printMetrics(info, [workflow, idle]);
  const name = 'workflow="say \\"hi\\"\\\\\\n"';
  for (const line of [
    'nstack_supervisor_info{version="1.2.3"} 1',
    'nstack_supervisor_resident_memory_bytes 50000000',
    'nstack_supervisor_cpu_seconds_total 1.5',
    `nstack_workflow_state{${name},state="running"} 1`,
    `nstack_workflow_state{${name},state="failed"} 0`,
    'nstack_workflow_state{workflow="idle",state="defined"} 1',
    `nstack_workflow_restarts_total{${name}} 2`,
    `nstack_workflow_dead_letters_kept{${name}} 4`,
    `nstack_source_messages_total{${name},source="kafka/clicks"} 10`,
    `nstack_source_lag_messages{${name},source="kafka/clicks"} 7`,
    `nstack_stage_retries_total{${name},stage="Clean"} 3`,
    `nstack_stage_replaced_total{${name},stage="Clean"} 2`,
    `nstack_sink_messages_total{${name},sink="log"} 8`,
  ])
    expect(text).toContain(`\n${line}\n`);
  // Every line is a comment or a sample, and a metric's samples stand together below its one head.
  const lines = text.trimEnd().split('\n');
  expect(lines.filter((line) => !/^(# (HELP|TYPE) |nstack_\w+(\{.*\})? -?[\d.e+]+$)/.test(line))).toEqual([]);
  const heads = lines.filter((line) => line.startsWith('# TYPE'));
  expect(new Set(heads).size).toBe(heads.length);
});
