/**
 * `nstack push` of a small Python service as a user starts it, beside `docker push` of the same image to the same registry (Debian's docker-registry on this machine):
 * where nothing changed, and where only the code did. Both take turns. Needs dist/ (npm run build), a container engine and docker-registry.
 *
 *   node bench/push.ts [--rounds=5]
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCountingProxy } from '../test/support/brokers/counting-proxy.ts';
import { runRegistry } from '../test/support/brokers/registry.ts';
import { measure, median, numberFlag, run } from './support/measure.ts';
import { program } from './support/nstack.ts';

const rounds = numberFlag('rounds', 5);
const root = await mkdtemp(join(tmpdir(), 'nstack-bench-push-'));
const folder = join(root, 'BenchPush');
const registry = await runRegistry({ passwords: false });
const proxy = await runCountingProxy(registry.address);
const here = 'nstack/benchpush:0.0.1-SNAPSHOT';
const there = `${proxy.address}/docker/benchpush:0.0.1-SNAPSHOT`;
const contenders = {
  nstack: () => run(process.execPath, [program, 'push', folder, `--registry=${proxy.address}/nstack`]),
  docker: async () => {
    await run('docker', ['tag', here, there]);
    await run('docker', ['push', '--quiet', there]);
  },
};
type Contender = keyof typeof contenders;
interface Pushed {
  readonly ms: number;
  readonly bytes: number;
  readonly requests: number;
}
const cases = ['nothing changed', 'code changed'] as const;
const figures = new Map<string, Pushed[]>();

try {
  await mkdir(folder);
  await writeFile(
    join(folder, 'nstack.yaml'),
    'name: BenchPush\nstack: python\napi: |\n  greet : Text -> Text\n',
  );
  await build(0);
  for (const push of Object.values(contenders)) await push();
  for (let round = 1; round <= rounds; round++) {
    for (const what of cases) {
      if (what === 'code changed') await build(round);
      for (const who of Object.keys(contenders) as Contender[]) keep(what, who, await pushed(who));
    }
  }
  for (const what of cases) tell(what);
} finally {
  proxy.close();
  await registry.stop();
  // By their ids: besides tags the engine keeps the digests that the registry answered.
  const list = ['images', '--quiet', '--no-trunc'];
  const ids =
    (await run('docker', [...list, there.replace(/:[^:/]*$/, '')])) + (await run('docker', [...list, here]));
  for (const id of new Set(ids.split('\n').filter((line) => line !== '')))
    await run('docker', ['rmi', '--force', id]);
  await rm(root, { recursive: true });
}

async function build(round: number): Promise<void> {
  const code = `def greet(name: str) -> str:\n    return "Hello ${round}, " + name\n`;
  await writeFile(join(folder, 'service.py'), code);
  await measure(process.execPath, [program, 'build', folder]);
}

async function pushed(who: Contender): Promise<Pushed> {
  proxy.reset();
  const since = performance.now();
  await contenders[who]();
  return { ms: performance.now() - since, bytes: proxy.sentBytes(), requests: proxy.requests.length };
}

function keep(what: string, who: Contender, figure: Pushed): void {
  const key = `${what} ${who}`;
  figures.set(key, [...(figures.get(key) ?? []), figure]);
}

function tell(what: string): void {
  const of = (who: Contender, key: keyof Pushed) =>
    median((figures.get(`${what} ${who}`) ?? []).map((figure) => figure[key]));
  for (const who of Object.keys(contenders) as Contender[]) {
    const [ms, bytes, requests] = (['ms', 'bytes', 'requests'] as const).map((key) =>
      of(who, key).toFixed(0),
    );
    process.stdout.write(
      `${what.padEnd(16)} ${who.padEnd(7)} ${ms} ms  ${bytes} bytes sent  ${requests} requests\n`,
    );
  }
  const ratio = (key: keyof Pushed) => (of('nstack', key) / of('docker', key)).toFixed(2);
  process.stdout.write(`${what.padEnd(16)} nstack to docker: time ${ratio('ms')}, bytes ${ratio('bytes')}\n`);
}
