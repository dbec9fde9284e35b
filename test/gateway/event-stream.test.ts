import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SupervisorEvent, WorkflowStatus } from '../../src/workflow/index.ts';
import { type Served, serveFake } from './serve-fake.ts';

let served: Served;
beforeEach(async () => {
  served = await serveFake({ heartbeat: 50 });
  for (const name of ['a', 'b']) {
    await served.supervisor.start({
      name,
      text: `file/x -> ${name} -> log`,
      file: '<workflow>',
      folder: '/',
    });
  }
});
afterEach(() => served.close());

const statusOf = (out: number, padding = ''): WorkflowStatus => ({
  phase: 'running',
  elapsed: out,
  sources: [],
  stages: [],
  sinks: [{ label: `log${padding}`, out }],
  deadLetters: 0,
  pending: 0,
});

function open(path = '/v1/events'): Promise<{ sent: ClientRequest; response: IncomingMessage }> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath: served.socket, path, agent: false }, (response) =>
      resolve({ sent, response }),
    );
    sent.on('error', reject);
    sent.end();
  });
}

async function* events(response: IncomingMessage): AsyncGenerator<SupervisorEvent | 'heartbeat'> {
  let rest = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line === '' ? 'heartbeat' : JSON.parse(line);
  }
}

async function take(stream: AsyncGenerator<SupervisorEvent | 'heartbeat'>, count: number) {
  const taken: SupervisorEvent[] = [];
  while (taken.length < count) {
    const { value, done } = await stream.next();
    if (done === true) throw new Error('the stream has ended');
    if (value !== 'heartbeat') taken.push(value);
  }
  return taken;
}

describe('the stream of events', () => {
  it('begins with the present, then tells of every change', async () => {
    const { sent, response } = await open();
    const stream = events(response);
    const present = await take(stream, 2);
    expect(present).toMatchObject([
      { kind: 'workflow', workflow: { name: 'a', state: 'running' } },
      { kind: 'workflow', workflow: { name: 'b', state: 'running' } },
    ]);
    await served.supervisor.pause('a');
    served.supervisor.print('b', 'hello');
    await served.supervisor.stop('b', { now: false });
    await served.supervisor.remove('b');
    const told: string[] = [];
    while (told.at(-1) !== 'removed b') {
      const [event] = await take(stream, 1);
      if (event?.kind === 'workflow') told.push(`${event.workflow.name} ${event.workflow.state}`);
      else if (event?.kind === 'log') told.push(`${event.entry.workflow}: ${event.entry.message}`);
      else told.push(`removed ${event?.name}`);
    }
    expect(told).toEqual(['a paused', 'b: hello', 'b stopping', 'b stopped', 'removed b']);
    sent.destroy();
  });

  it('tells of one workflow alone where that is asked', async () => {
    const { sent, response } = await open('/v1/events?workflow=b');
    const stream = events(response);
    served.supervisor.print('a', 'not this');
    served.supervisor.print('b', 'this');
    expect(await take(stream, 2)).toMatchObject([
      { kind: 'workflow', workflow: { name: 'b' } },
      { kind: 'log', entry: { message: 'this' } },
    ]);
    sent.destroy();
  });

  it('shows by empty lines that the supervisor lives', async () => {
    const { sent, response } = await open();
    const stream = events(response);
    await take(stream, 2);
    expect((await stream.next()).value).toBe('heartbeat');
    expect((await stream.next()).value).toBe('heartbeat');
    sent.destroy();
  });

  it('gives a slow reader the newest, holds little for it, and counts the lines that it missed', async () => {
    const { sent, response } = await open();
    const stream = events(response);
    await take(stream, 2);
    response.pause();
    const padding = 'x'.repeat(10_000);
    // 30 seconds of 1,000 events a second.
    for (let count = 1; count <= 30_000; count++) {
      if (count % 2 === 0) served.supervisor.report('a', statusOf(count, padding));
      else served.supervisor.tell({ kind: 'log', entry: logLine(`${count} ${padding}`) });
      if (count % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    served.supervisor.print('b', 'last');
    let newest = 0;
    let statuses = 0;
    let gaps = 0;
    let lines = 0;
    for await (const event of stream) {
      if (event === 'heartbeat') continue;
      if (event.kind === 'workflow') {
        statuses += 1;
        newest = event.workflow.status?.sinks[0]?.out ?? newest;
      }
      if (event.kind !== 'log') continue;
      if (event.entry.message === 'last') break;
      const leftOut = /^(\d+) lines were left out/.exec(event.entry.message)?.[1];
      if (leftOut === undefined) lines += 1;
      else gaps += Number(leftOut);
    }
    expect(newest).toBe(30_000);
    expect(statuses).toBeLessThan(1_000);
    expect(lines + gaps).toBe(15_000);
    // What the gateway holds and what the socket's buffers took.
    expect(lines).toBeLessThan(500);
    sent.destroy();
  });

  it('keeps no watcher of a reader that has gone', async () => {
    const { sent, response } = await open();
    await take(events(response), 2);
    expect(served.supervisor.watchers).toBe(1);
    sent.destroy();
    await expect.poll(() => served.supervisor.watchers).toBe(0);
  });

  it('ends whole when the supervisor ends', async () => {
    const { response } = await open();
    const stream = events(response);
    await take(stream, 2);
    const closed = served.gateway.close();
    for await (const event of stream) expect(event).toBe('heartbeat');
    expect(response.complete).toBe(true);
    await closed;
  });
});

function logLine(message: string) {
  return { at: new Date().toISOString(), workflow: 'a', stage: 'A', level: 'print', message } as const;
}
