import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { VerifyReport } from '../../src/verify/index.ts';
import { buildAs } from '../support/build-as.ts';
import { type Ended, nstack } from '../support/nstack.ts';

/*
 * The project's chaos tests: workflows of real services under a real supervisor, between files and real brokers, while instances, data paths, supervisors and
 * brokers are killed. bench/chaos.ts is their long form.
 */

/** NSTACK_CHAOS=10 gives each audit ten times as many messages and faults. */
const times = Number(process.env.NSTACK_CHAOS ?? 1);

/** `--messages` and `--kills` of an audit. */
export const load = (messages: number, kills: number) => [
  `--messages=${messages * times}`,
  `--kills=${kills * times}`,
];

export const sent = (messages: number) => messages * times;

/** Milliseconds that an audit with faults may take. */
export const patience = 300_000 * times;

export const template = '--template={n} /cart?x=1 1200';
export const everything = ['service', 'freeze', 'data-path', 'supervisor'].flatMap((kind) => [
  '--fault',
  kind,
]);

/** What a report without a fault says, and the exit code. */
export const ok = { verdict: 'passed', faults: [], leftovers: [], code: 0 };

export interface AuditBench {
  /** Where the files of workflows are. */
  readonly folder: () => string;
  run(...args: readonly string[]): Promise<Ended>;
  /** The report of an audit, and the exit code that it ended with. */
  verify(...args: readonly string[]): Promise<VerifyReport & { readonly code: number | null }>;
  /** The argument that names these connections. They are the supervisor's: the next audit starts one that has them. */
  connect(connections: object): Promise<string>;
}

/** A folder, a supervisor's state and a service that are one test file's own, so that what others leave meanwhile is not taken for a leftover of its audits. */
export function auditBench(service: string): AuditBench {
  let folder: string;
  const run: AuditBench['run'] = (...args) =>
    nstack(args, {
      cwd: folder,
      env: { NSTACK_STATE: join(folder, 'state'), XDG_RUNTIME_DIR: join(folder, 'runtime') },
    });
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'verify-'));
    await mkdir(join(folder, 'runtime'), { mode: 0o700 });
    await buildAs(service, 'examples/clicks/cleaning');
  });
  afterAll(async () => {
    await run('supervisor', 'stop', '--now');
    await rm(folder, { recursive: true, force: true });
  });
  return {
    folder: () => folder,
    run,
    async verify(...args) {
      const { code, stdout, stderr } = await run('verify', ...args, '--json');
      if (stdout === '') throw new Error(stderr);
      return { ...(JSON.parse(stdout) as VerifyReport), code };
    },
    async connect(connections) {
      await run('supervisor', 'stop', '--now');
      const file = join(folder, `connections-${randomBytes(3).toString('hex')}.yaml`);
      await writeFile(file, JSON.stringify({ connections }), { mode: 0o600 });
      return `--connections=${file}`;
    },
  };
}

/** Arguments that have the broker in a container killed, and started again. */
export function killing(container: string): readonly string[] {
  return [
    `--command-fault=broker=["docker","kill","-s","KILL",${JSON.stringify(container)}]`,
    `--command-heal=broker=["docker","start",${JSON.stringify(container)}]`,
  ];
}
