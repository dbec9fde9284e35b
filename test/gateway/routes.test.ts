import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Asked, ask, type Served, serveFake } from './serve-fake.ts';

let served: Served;
beforeEach(async () => {
  served = await serveFake();
});
afterEach(() => served.close());

const get = (path: string) => ask(served.socket, path);
const send = (method: string, path: string, body?: unknown) =>
  ask(served.socket, path, { method, body } satisfies Asked);
const workflow = { name: 'clicks', text: 'kafka/clicks -> Clean -> log', file: '<workflow>', folder: '/tmp' };

describe('the API', () => {
  it('says who the supervisor is and where it listens', async () => {
    const { status, json } = await get('/v1');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      pid: process.pid,
      stateFolder: served.folder,
      listens: [`unix:${served.socket}`, served.url],
      workflows: 0,
      running: 0,
    });
    expect(json.memory).toBeGreaterThan(1e6);
  });

  it('defines, starts, pauses, resumes, stops and forgets a workflow', async () => {
    expect((await send('PUT', '/v1/workflows', workflow)).json).toMatchObject({
      name: 'clicks',
      state: 'defined',
    });
    expect((await send('POST', '/v1/start', { name: 'clicks' })).json.state).toBe('running');
    expect((await send('POST', '/v1/workflows/clicks/pause')).json.state).toBe('paused');
    expect((await send('POST', '/v1/workflows/clicks/resume')).json.state).toBe('running');
    expect((await get('/v1')).json.running).toBe(1);
    expect((await send('POST', '/v1/workflows/clicks/stop', { now: true })).json.state).toBe('stopped');
    expect((await get('/v1/workflows/clicks')).json.text).toBe(workflow.text);
    const events = (await get('/v1/workflows/clicks/history?most=2')).json;
    expect(events.map(({ event }: { event: string }) => event)).toEqual(['stopping', 'stopped']);
    expect((await send('DELETE', '/v1/workflows/clicks')).status).toBe(200);
    expect((await get('/v1/workflows')).json).toEqual([]);
  });

  it('defines and starts at once', async () => {
    const { json } = await send('POST', '/v1/start', { ...workflow, retry: { attempts: 5 } });
    expect(json).toMatchObject({ name: 'clicks', version: 1, state: 'running' });
    expect((await send('POST', '/v1/start', { ...workflow, text: 'file/a -> B -> log' })).json.version).toBe(
      2,
    );
  });

  it('takes names with every sign in them, percent-encoded', async () => {
    for (const name of ['org/Clicks', '..', '.', 'a b?c#d', 'über', '%']) {
      await send('POST', '/v1/start', { ...workflow, name });
      const { json } = await get(`/v1/workflows/${encodeURIComponent(name)}`);
      expect(json.name).toBe(name);
    }
    expect((await get('/v1/workflows/%zz')).status).toBe(400);
    expect((await get('/v1/workflows/%ff')).status).toBe(400);
  });

  it('answers a wrong workflow with 422 and its diagnostics', async () => {
    const { status, json } = await send('POST', '/v1/start', { ...workflow, text: 'file/a -> wrong -> log' });
    expect(status).toBe(422);
    expect(json).toMatchObject({
      code: 'workflow-invalid',
      diagnostics: [{ place: { line: 1, column: 11 } }],
    });
  });

  it('answers an unknown workflow with 404 and the nearest name', async () => {
    await send('PUT', '/v1/workflows', workflow);
    for (const [method, path, body] of [
      ['GET', '/v1/workflows/clikcs'],
      ['POST', '/v1/workflows/clikcs/stop'],
      ['POST', '/v1/start', { name: 'clikcs' }],
      ['GET', '/v1/events?workflow=clikcs'],
    ] as const) {
      const { status, json } = await send(method, path, body);
      expect(status).toBe(404);
      expect(json).toMatchObject({ code: 'workflow-unknown', hint: 'Did you mean "clicks"?' });
    }
  });

  it('answers what the state of a workflow does not allow with 409', async () => {
    await send('PUT', '/v1/workflows', workflow);
    expect((await send('POST', '/v1/workflows/clicks/pause')).status).toBe(409);
  });

  it('names what there is where a path is unknown, and the methods of one that is known', async () => {
    const unknown = await get('/v1/workflos');
    expect(unknown.status).toBe(404);
    expect(unknown.json.hint).toContain('/v1/workflows');
    expect((await get('/')).json.hint).toContain('POST /v1/start');
    const wrong = await send('POST', '/v1/workflows');
    expect(wrong.status).toBe(405);
    expect(wrong.headers.allow).toBe('GET, PUT');
  });

  it('says what in a body is wrong', async () => {
    for (const [body, said] of [
      ['{', 'no JSON'],
      [Buffer.from([0x22, 0xff, 0x22]), 'no JSON in UTF-8'],
      [[], 'it must be object'],
      [{}, "required property 'text'"],
      [{ ...workflow, folder: 'here' }, 'folder must match'],
      [{ ...workflow, nmae: 'x' }, 'unknown key "nmae" (did you mean "name"?)'],
      [{ ...workflow, retry: { attempts: 0 } }, 'retry.attempts must be >= 1'],
      ['{"name":"a","text":"b","file":"c","folder":"/","__proto__":{}}', 'unknown key "__proto__"'],
    ] as const) {
      const { status, json } = await send('POST', '/v1/start', body);
      expect(status).toBe(400);
      expect(json.message).toContain(said);
    }
  });

  it('lists, shows, replays and drops dead letters', async () => {
    await send('POST', '/v1/start', workflow);
    const letter = {
      stage: 'Clean',
      attempts: 3,
      error: { code: -32000, message: 'no' },
      message: { json: '{"a":1}' },
    };
    for (let count = 0; count < 25; count++) served.supervisor.bury('clicks', letter);
    const path = '/v1/workflows/clicks/dead-letters';
    const ids = async (query: string) =>
      (await get(`${path}?${query}`)).json.map(({ id }: { id: number }) => id);
    expect(await ids('most=12')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await ids('after=23')).toEqual([24, 25]);
    expect((await get(`${path}/7`)).json).toMatchObject({ id: 7, ...letter });
    expect((await get(`${path}/seven`)).status).toBe(400);
    expect((await get(`${path}?most=0`)).status).toBe(400);
    expect((await send('POST', `${path}/replay`, { ids: [1, 2] })).json).toEqual({ replayed: 2, failed: 0 });
    expect((await send('POST', `${path}/drop`, { ids: [] })).status).toBe(400);
    expect((await send('POST', `${path}/drop`)).json).toEqual({ dropped: 23 });
  });

  it('answers fewer dead letters than asked for where they are long', async () => {
    await send('POST', '/v1/start', workflow);
    const message = { json: JSON.stringify('x'.repeat(1_000_000)) };
    const error = { code: -32000, message: 'no' };
    for (let count = 0; count < 30; count++)
      served.supervisor.bury('clicks', { stage: 'Clean', attempts: 1, error, message });
    const first = (await get('/v1/workflows/clicks/dead-letters?most=100')).json;
    expect(first).toHaveLength(10);
  });

  it('lists and tests connections', async () => {
    expect((await get('/v1/connections')).json[0].name).toBe('kafka');
    expect((await send('POST', '/v1/connections/kafka/test')).json).toEqual({ message: 'kafka answers' });
  });

  it('shows the stack of a defect to this machine alone', async () => {
    served.supervisor.list = () => {
      throw new Error('secret inner matter');
    };
    const own = await get('/v1/workflows');
    expect(own.status).toBe(500);
    expect(own.json.message).toContain('secret inner matter');
    expect(served.defects).toHaveLength(1);
  });

  it('changes nothing once it ends, and still answers', async () => {
    await send('PUT', '/v1/workflows', workflow);
    expect((await send('POST', '/v1/stop', { now: true })).json).toEqual({});
    expect(served.supervisor.closed).toEqual([{ now: true }]);
    expect((await send('POST', '/v1/start', { name: 'clicks' })).status).toBe(503);
    expect((await get('/v1/workflows')).status).toBe(200);
  });
});
