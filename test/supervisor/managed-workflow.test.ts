import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NstackError, toErrorMessage } from '../../src/core/index.ts';
import { createManagedWorkflow, type ManagedWorkflow } from '../../src/supervisor/managed-workflow.ts';
import type { DataPathCommand, DataPathEvent } from '../../src/supervisor/messages.ts';
import { openStore } from '../../src/supervisor/state/open-store.ts';
import type { Store } from '../../src/supervisor/state/store.ts';
import type { WorkflowSurroundings } from '../../src/supervisor/workflow-surroundings.ts';
import type { Plan, WorkflowOutcome, WorkflowStatus } from '../../src/workflow/index.ts';

// Every moment at which a workflow can be asked something. The store is the real one; data paths are told here what they say.

const plan: Plan = { name: 'clicks', text: '', nodes: [] };
const request = { text: 'clicks = a -> b', file: 'clicks', folder: '/' };
const status: WorkflowStatus = {
  phase: 'starting',
  elapsed: 0,
  sources: [],
  stages: [],
  sinks: [],
  deadLetters: 0,
  pending: 0,
};
const outcome: WorkflowOutcome = {
  how: 'stopped',
  in: 1,
  out: 1,
  deadLetters: 0,
  lost: 0,
  milliseconds: 1,
  where: 'b',
};

interface TestPath {
  readonly got: DataPathCommand['kind'][];
  say(event: DataPathEvent): void;
  end(how: string): void;
}

let folder: string;
let store: Store;
let paths: TestPath[];
let planned: Promise<Plan>;
let logs: string[];
let workflow: ManagedWorkflow;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'managed-'));
  store = await openStore(folder);
  store.saveVersion('clicks', request);
  paths = [];
  logs = [];
  planned = Promise.resolve(plan);
  workflow = createManagedWorkflow('clicks', around());
});
afterEach(async () => {
  store.close();
  await rm(folder, { recursive: true, force: true });
});

function around(): WorkflowSurroundings {
  return {
    store,
    plan: () => planned,
    job: async (_name, { folder }, plan) => {
      const { defaultRetry } = await import('../../src/workflow/index.ts');
      return {
        plan,
        folder,
        retry: defaultRetry,
        trace: false,
        connectionsFile: '',
        keep: { kind: 'folder', path: folder },
      };
    },
    async startDataPath(_name, onEvent) {
      const exit = Promise.withResolvers<string>();
      const got: DataPathCommand['kind'][] = [];
      paths.push({ got, say: onEvent, end: exit.resolve });
      return {
        pid: 1,
        exit: exit.promise,
        send: ({ kind }) => void got.push(kind),
        kill: () => exit.resolve('SIGKILL'),
      };
    },
    sweep: async () => {},
    deadLetters: () => 0,
    changed: (info) => void info(),
    logged: ({ message }) => void logs.push(message),
  };
}

async function pathNumber(nth: number): Promise<TestPath> {
  for (;;) {
    const path = paths[nth - 1];
    if (path?.got.includes('start')) return path;
    await new Promise(setImmediate);
  }
}

async function running(): Promise<TestPath> {
  const started = workflow.start({ again: false, paused: false });
  const path = await pathNumber(1);
  path.say({ kind: 'running' });
  await started;
  return path;
}

const again = () => store.workflow('clicks')?.wanted;

describe('a workflow of a supervisor', () => {
  it('does not start any more when it is stopped while it is planned', async () => {
    const planning = Promise.withResolvers<Plan>();
    planned = planning.promise;
    const started = workflow.start({ again: false, paused: false });
    const failed = expect(started).rejects.toMatchObject({ code: 'interrupted' });
    const stopped = workflow.stop({ now: false });
    planning.resolve(plan);
    await failed;
    await stopped;
    expect(paths).toEqual([]);
    expect(workflow.isRunning).toBe(false);
    expect(again()).toBe('stopped');
  });

  it('does not start any more when its supervisor ends while it is planned', async () => {
    const planning = Promise.withResolvers<Plan>();
    planned = planning.promise;
    const failed = expect(workflow.start({ again: false, paused: false })).rejects.toThrow('before it ran');
    const left = workflow.leave({ now: false });
    planning.resolve(plan);
    await Promise.all([failed, left]);
    expect(paths).toEqual([]);
  });

  it('is not wanted any more from the moment it is stopped, whatever ends the supervisor then', async () => {
    const path = await running();
    const stopped = workflow.stop({ now: false });
    expect(again()).toBe('stopped');
    path.say({ kind: 'ended', outcome });
    path.end('exit code 0');
    expect(await stopped).toMatchObject({ state: 'stopped', outcome });
  });

  it('ends at once when it is stopped while it starts again, also where it carried messages before', async () => {
    const path = await running();
    path.say({ kind: 'status', status: { ...status, phase: 'running' } });
    path.end('SIGKILL');
    const second = await pathNumber(2);
    second.say({ kind: 'status', status });
    const stopped = workflow.stop({ now: false });
    expect(second.got).toEqual(['start', 'stop-now']);
    second.end('exit code 0');
    expect(await stopped).toMatchObject({ state: 'stopped' });
  });

  it('stays stopping when messages are carried only after it was stopped', async () => {
    const started = workflow.start({ again: false, paused: false });
    const refused = expect(started).rejects.toThrow();
    const path = await pathNumber(1);
    const stopped = workflow.stop({ now: false });
    path.say({ kind: 'running' });
    expect(workflow.info().state).toBe('stopping');
    path.end('exit code 0');
    await stopped;
    await Promise.allSettled([started, refused]);
  });

  it('takes no pause, resume or replay while it stops', async () => {
    const path = await running();
    const stopped = workflow.stop({ now: false });
    expect(() => workflow.pause()).toThrow('is stopping');
    expect(() => workflow.resume()).toThrow('is stopping');
    expect(() => workflow.replay(undefined)).toThrow('is stopping');
    path.end('exit code 0');
    await stopped;
    expect(again()).toBe('stopped');
  });

  it('says in its history what went wrong while it was stopped', async () => {
    const path = await running();
    const stopped = workflow.stop({ now: false });
    path.say({ kind: 'failed', error: toErrorMessage(new NstackError('broker-unavailable', 'no broker')) });
    path.end('exit code 0');
    await stopped;
    expect(store.history('clicks', 1)).toMatchObject([{ event: 'stopped', detail: 'no broker' }]);
  });

  it('goes on, and can be stopped, while the store takes nothing', async () => {
    const path = await running();
    const { together } = store;
    Object.assign(store, {
      together: () => {
        throw new NstackError('file-unwritable', 'the disk is full');
      },
    });
    path.end('SIGKILL');
    const second = await pathNumber(2);
    second.say({ kind: 'running' });
    expect(workflow.info().state).toBe('running');
    const stopped = workflow.stop({ now: true });
    second.end('exit code 0');
    expect(await stopped).toMatchObject({ state: 'stopped' });
    expect(workflow.isRunning).toBe(false);
    expect(logs[0]).toContain('the disk is full');
    Object.assign(store, { together });
  });

  it('is started again where a disk was full, since there may be room', async () => {
    const path = await running();
    path.say({
      kind: 'failed',
      error: toErrorMessage(new NstackError('file-unwritable', 'the disk is full')),
    });
    path.end('exit code 0');
    const second = await pathNumber(2);
    second.say({ kind: 'running' });
    expect(workflow.info()).toMatchObject({ state: 'running', restarts: 1 });
  });

  it('shows the text of the version that runs, while a newer one is known', async () => {
    await running();
    store.saveVersion('clicks', { ...request, text: 'clicks = a -> c' });
    workflow.refresh();
    expect(workflow.info()).toMatchObject({ version: 1, text: request.text });
  });

  it('is not wanted any more when it is stopped, also where it never could be started', async () => {
    store.setWanted('clicks', 'running', 1);
    planned = Promise.reject(new NstackError('engine-unavailable', 'no engine'));
    await expect(workflow.start({ again: true, paused: false })).rejects.toThrow('no engine');
    expect(await workflow.stop({ now: false })).toMatchObject({ state: 'stopped' });
    expect(again()).toBe('stopped');
  });
});
