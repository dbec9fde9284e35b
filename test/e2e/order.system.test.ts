import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildAs } from '../support/build-as.ts';
import { containersOf, docker, start } from '../support/nstack.ts';

const service = 'Order.Keyed';
const users = ['ada', 'alan', 'barbara', 'edsger', 'grace', 'john', 'tony'];
const count = 1_400;
let cwd: string;

interface Worked {
  readonly id: number;
  readonly user: string;
  readonly instance: string;
  readonly began: number;
  readonly ended: number;
}

beforeAll(async () => {
  await buildAs(service, 'test/fixtures/services/keyed');
});
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'order-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

it('calls messages of one key one after the other and those of others beside, while messages fail and an instance dies', async () => {
  const events = Array.from({ length: count }, (_, id) => {
    return { id, user: users[(id * 5) % users.length], fails: id % 50 === 3 ? 1 : 0 };
  });
  await writeFile(join(cwd, 'in.ndjson'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const flow = `file/in.ndjson -> ${service} { replicas = 2, order = ".user" } -> file/out.ndjson`;
  const running = start(['run', flow], { cwd });
  await running.said('confirmed');
  const [first = ''] = await containersOf(service);
  await docker('kill', '-s', 'KILL', first);
  const { code, stderr } = await running.ended;
  expect(code, stderr).toBe(0);

  const worked = (await readFile(join(cwd, 'out.ndjson'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line): Worked => JSON.parse(line));
  expect(worked.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  const instances = new Set(worked.map(({ instance }) => instance));
  expect(instances.size).toBe(3);
  for (const [user, own] of Map.groupBy(worked, (one) => one.user)) {
    const moves = own.filter(({ instance }, at) => at > 0 && instance !== own[at - 1]?.instance);
    expect(moves.length, user).toBeLessThanOrEqual(1);
    const early = own.filter(({ began }, at) => began < (own[at - 1]?.ended ?? 0));
    expect(early, user).toEqual([]);
  }
  const inTime = worked.toSorted((a, b) => a.began - b.began);
  const beside = inTime.filter(({ began }, at) => began < (inTime[at - 1]?.ended ?? 0));
  expect(beside.length).toBeGreaterThan(0);
});
