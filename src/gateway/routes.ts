import type { ServerResponse } from 'node:http';
import { NstackError } from '../core/index.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';
import type { SupervisorInfo } from '../workflow/index.ts';
import { answerJson, answerText } from './answer.ts';
import { letterId, most, wholeNumber } from './call-values.ts';
import type { ConnectionDesk } from './connection-desk.ts';
import { streamEvents } from './event-stream.ts';
import { listLetters } from './list-letters.ts';
import { metricsType, printMetrics } from './metrics.ts';
import { readBody } from './read-body.ts';
import { createShapeChecker, type RequestShapes, type ShapeChecker } from './request-shapes.ts';
import type { Call, Route } from './router.ts';

export interface Desk {
  readonly supervisor: Supervisor;
  readonly connections: ConnectionDesk;
  info(): SupervisorInfo;
  /** Ends the supervisor's workflows; resolves when they have. The process ends after that. A second call may say `now`. */
  stop(how: { readonly now: boolean }): Promise<void>;
  /** True from the first `stop` on: nothing is changed any more. */
  stopping(): boolean;
  /** Milliseconds between two signs of life on a stream of events. */
  readonly heartbeat: number;
}

/** Every call of the API; docs/supervisor-api.md says what each is for. */
export function createRoutes(desk: Desk): readonly Route[] {
  const { supervisor, connections } = desk;
  const { deadLetters } = supervisor;
  const bodyOf = createBodyReader();

  function get(path: string, value: (call: Call) => unknown): Route {
    return { method: 'GET', path, serve: async (call, response) => answerJson(response, await value(call)) };
  }

  function change<S extends keyof RequestShapes>(
    method: 'PUT' | 'POST' | 'DELETE',
    path: string,
    shape: S,
    value: (call: Call, body: RequestShapes[S]) => unknown,
  ): Route {
    return {
      method,
      path,
      async serve(call, response) {
        if (desk.stopping()) {
          throw new NstackError('supervisor-unavailable', 'the supervisor is ending', {
            hint: 'Start it again, then try once more.',
          });
        }
        const body = await bodyOf(call, shape);
        answerJson(response, (await value(call, body)) ?? {});
      },
    };
  }

  const workflow = '/v1/workflows/:name';
  return [
    get('/v1', () => desk.info()),
    {
      method: 'POST',
      path: '/v1/stop',
      async serve(call, response) {
        const { now = false } = await bodyOf(call, 'end');
        await desk.stop({ now });
        response.setHeader('connection', 'close');
        answerJson(response, {});
      },
    },
    get('/v1/workflows', () => supervisor.list()),
    change('PUT', '/v1/workflows', 'workflow', (_, request) => supervisor.define(request)),
    change('POST', '/v1/start', 'start', (_, what) => supervisor.start(what)),
    get(workflow, (call) => supervisor.get(named(call))),
    change('DELETE', workflow, 'nothing', (call) => supervisor.remove(named(call))),
    change('POST', `${workflow}/stop`, 'end', (call, { now = false }) =>
      supervisor.stop(named(call), { now }),
    ),
    change('POST', `${workflow}/pause`, 'nothing', (call) => supervisor.pause(named(call))),
    change('POST', `${workflow}/resume`, 'nothing', (call) => supervisor.resume(named(call))),
    get(`${workflow}/history`, (call) => supervisor.history(named(call), most(call))),
    get(`${workflow}/logs`, (call) => supervisor.logs(named(call), most(call))),
    get(`${workflow}/traces`, (call) => supervisor.traces(named(call), most(call))),
    get(`${workflow}/dead-letters`, (call) =>
      listLetters(deadLetters, named(call), wholeNumber(call, 'after', 0, 0), most(call)),
    ),
    get(`${workflow}/dead-letters/:id`, (call) => deadLetters.get(named(call), letterId(call))),
    change('POST', `${workflow}/dead-letters/replay`, 'letters', (call, { ids }) =>
      deadLetters.replay(named(call), ids),
    ),
    change('POST', `${workflow}/dead-letters/drop`, 'letters', async (call, { ids }) => ({
      dropped: await deadLetters.drop(named(call), ids),
    })),
    get('/v1/connections', () => connections.list()),
    change('POST', '/v1/connections/:name/test', 'nothing', async (call) => ({
      message: await connections.test(named(call), call.signal),
    })),
    {
      method: 'GET',
      path: '/v1/events',
      async serve({ query }, response) {
        const name = query.get('workflow') ?? undefined;
        if (name !== undefined) supervisor.get(name);
        await streamEvents(response, (listener) => supervisor.watch(listener), {
          heartbeat: desk.heartbeat,
          ...(name === undefined ? {} : { workflow: name }),
        });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      serve: async (_, response: ServerResponse) =>
        answerText(response, 200, metricsType, printMetrics(desk.info(), supervisor.list())),
    },
  ];
}

/** Reads and checks bodies; what checks them is loaded with the first that comes. */
function createBodyReader() {
  let checker: Promise<ShapeChecker> | undefined;
  return async <S extends keyof RequestShapes>({ request }: Call, shape: S): Promise<RequestShapes[S]> => {
    const value = await readBody(request);
    checker ??= createShapeChecker();
    return (await checker)(shape, value);
  };
}

/** What a path names; whether it is there is the supervisor's to say. */
function named({ parameters: { name = '' } }: Call): string {
  return name;
}
