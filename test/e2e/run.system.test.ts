import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildAs } from '../support/build-as.ts';
import { containersOf, docker, nstack, start } from '../support/nstack.ts';

const service = 'Run.Trouble';
const flow = `file/orders.ndjson -> ${service} -> file/done.ndjson`;
let folder: string;

beforeAll(async () => {
  await buildAs(service, 'test/fixtures/services/trouble');
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Order {
  id: number;
  do?: string;
}

async function writeOrders(
  count: number,
  special: (id: number) => string | undefined = () => undefined,
): Promise<void> {
  const orders: Order[] = Array.from({ length: count }, (_, id) => {
    const what = special(id);
    return what === undefined ? { id } : { id, do: what };
  });
  await writeFile(
    join(folder, 'orders.ndjson'),
    orders.map((order) => `${JSON.stringify(order)}\n`).join(''),
  );
}

async function lines<T>(name: string): Promise<T[]> {
  const text = await readFile(join(folder, name), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const outcomeOf = (stdout: string) => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
const range = (count: number) => Array.from({ length: count }, (_, id) => id);

describe('nstack run', () => {
  it('carries a file through a service in order, and says what became of every message', async () => {
    await writeOrders(5_000);
    const ended = await nstack(['run', flow], { cwd: folder });
    expect(ended.stderr).toMatch(
      /done: 5,000 in, 5,000 out, 0 dead letters, 0 lost, [\d,]+ messages\/s, .*done\.ndjson/,
    );
    expect(ended.code).toBe(0);
    expect((await lines<Order>('done.ndjson')).map(({ id }) => id)).toEqual(range(5_000));
    expect(await containersOf(service)).toEqual([]);
  });

  it('reads stdin and writes stdout, with nothing else there', async () => {
    const ended = await nstack(['run', service, '--source=stdin', '--sink=stdout'], {
      cwd: folder,
      input: '{"id":1}\n{"id":2}\n',
    });
    expect(ended.stdout).toBe('{"id":1,"seen":1}\n{"id":2,"seen":1}\n');
    expect(ended.code).toBe(0);
  });

  it('keeps what fails, and what does not fit, as dead letters with the error and the place', async () => {
    await writeOrders(300, (id) => (id === 7 ? 'fail' : id === 8 ? 'fail once' : undefined));
    await writeFile(
      join(folder, 'orders.ndjson'),
      `${await readFile(join(folder, 'orders.ndjson'), 'utf8')}{"id":"x"}\nnonsense\n`,
    );
    const ended = await nstack(['run', flow, '--json', '--dead-letters=dead.ndjson'], { cwd: folder });
    expect(outcomeOf(ended.stdout)).toMatchObject({ in: 302, out: 299, deadLetters: 3, lost: 0 });
    expect(ended.code).toBe(0);
    const letters = await lines<Record<string, unknown>>('dead.ndjson');
    expect(letters).toHaveLength(3);
    expect(letters).toContainEqual(
      expect.objectContaining({ stage: service, attempts: 3, message: { id: 7, do: 'fail' } }),
    );
    expect(letters).toContainEqual(
      expect.objectContaining({
        stage: 'file/orders.ndjson',
        place: expect.stringContaining('orders.ndjson:301'),
      }),
    );
    expect(JSON.stringify(letters)).toContain('ValueError: order 7 cannot be done');
  });

  it('finds the message that kills the service and the one that hangs, and loses no other', async () => {
    await writeOrders(2_000, (id) => (id === 700 ? 'die' : id === 1_500 ? 'hang' : undefined));
    const ended = await nstack(['run', flow, '--json', '--attempts=1', '--dead-letters=dead.ndjson'], {
      cwd: folder,
    });
    expect(outcomeOf(ended.stdout)).toMatchObject({ in: 2_000, out: 1_998, deadLetters: 2, lost: 0 });
    expect((await lines<Order>('done.ndjson')).map(({ id }) => id)).toEqual(
      range(2_000).filter((id) => id !== 700 && id !== 1_500),
    );
  });

  it('replaces an instance that is killed from outside, and loses nothing', async () => {
    await writeOrders(400, () => 'slow');
    const running = start(['run', flow], { cwd: folder });
    await running.said('confirmed');
    const [id = ''] = await containersOf(service);
    await docker('kill', '-s', 'KILL', id);
    const ended = await running.ended;
    expect(ended.stderr).toContain('instance replaced');
    expect(closing(ended.stderr)).toEqual({ how: 'done', in: 400, out: 400, deadLetters: 0, lost: 0 });
    expect((await lines<Order>('done.ndjson')).map((order) => order.id)).toEqual(range(400));
  });

  it('finishes what it read at Ctrl-C, under another name than a whole result', async () => {
    await writeOrders(20_000, () => 'slow');
    const running = start(['run', flow], { cwd: folder });
    await running.said('confirmed');
    running.child.kill('SIGINT');
    const ended = await running.ended;
    const outcome = closing(ended.stderr);
    expect(outcome).toMatchObject({ how: 'stopped', lost: 0, deadLetters: 0, out: outcome.in });
    expect(outcome.in).toBeLessThan(20_000);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['done.ndjson.partial']));
    expect(await lines('done.ndjson.partial')).toHaveLength(outcome.out);
    expect(ended.code).toBe(130);
    expect(await containersOf(service)).toEqual([]);
  });

  it('ends at once at the second Ctrl-C, and leaves neither a container nor half a file', async () => {
    await writeOrders(20_000, () => 'slow');
    const running = start(['run', flow], { cwd: folder });
    await running.said('confirmed');
    running.child.kill('SIGINT');
    await running.said('press Ctrl-C again');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(130);
    expect(await readdir(folder)).toEqual(['orders.ndjson']);
    expect(await containersOf(service)).toEqual([]);
  });

  it('leaves no container behind when its processes are killed, once nstack starts again', async () => {
    await writeOrders(20_000, () => 'slow');
    const running = start(['run', flow], { cwd: folder });
    await running.said('confirmed');
    expect((await containersOf(service)).length).toBeGreaterThan(0);
    const family = await descendants(running.child.pid ?? 0);
    for (const pid of [running.child.pid ?? 0, ...family]) process.kill(pid, 'SIGKILL');
    await running.ended;
    await writeOrders(10);
    const again = await nstack(['run', flow, '--json'], { cwd: folder });
    expect(outcomeOf(again.stdout)).toMatchObject({ in: 10, out: 10, lost: 0 });
    expect(await containersOf(service)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('ends its containers by itself when only the command line is killed', async () => {
    await writeOrders(20_000, () => 'slow');
    const running = start(['run', flow], { cwd: folder });
    await running.said('confirmed');
    running.child.kill('SIGKILL');
    await eventually(async () => (await containersOf(service)).length === 0);
  });

  it('checks the whole workflow before anything starts', async () => {
    await writeOrders(1);
    const ended = await nstack(['run', 'file/ordrs.ndjson -> Run.Truble -> file/done.ndjson'], {
      cwd: folder,
    });
    expect(ended.stderr).toContain(service);
    expect(ended.code).toBe(1);
    const missing = await nstack(['run', `file/ordrs.ndjson -> ${service} -> file/done.ndjson`], {
      cwd: folder,
    });
    expect(missing.stderr).toContain('orders.ndjson');
    expect(missing.code).toBe(1);
  });
});

/** The numbers of the line that a run ends with. */
function closing(stderr: string) {
  const numbers = /(done|stopped): ([\d,]+) in, ([\d,]+) out, ([\d,]+) dead letters[^,]*, ([\d,]+) lost/.exec(
    stderr,
  );
  const number = (nth: number) => Number(numbers?.[nth]?.replaceAll(',', '') ?? Number.NaN);
  return { how: numbers?.[1], in: number(2), out: number(3), deadLetters: number(4), lost: number(5) };
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function descendants(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8'))
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
