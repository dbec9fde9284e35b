import { readdir, readFile, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identityJudge } from '../core/index.ts';
import { type ContainerEngine, instanceFolders } from '../engine/index.ts';

/** Something of the workflow that should have gone with it. */
export interface Leftover {
  readonly kind: 'container' | 'process' | 'descriptor' | 'file';
  readonly what: string;
}

export interface Surroundings {
  readonly engine: ContainerEngine;
  readonly stateFolder: string;
  /** Folder of nstack's package.json. */
  readonly packageRoot: string;
  /** True names of the workflow's services. */
  readonly services: ReadonlySet<string>;
  /** Process id of the supervisor that runs now. */
  supervisor(): Promise<number>;
}

/** What there was before the workflow started. */
export interface Before {
  readonly files: ReadonlySet<string>;
  /** Ids of containers and folders of instances. */
  readonly instances: ReadonlySet<string>;
  readonly descriptors: number;
}

/** Milliseconds in which what ends in order may still do so. */
const patience = 5_000;

export async function lookBefore({ engine, stateFolder, supervisor }: Surroundings): Promise<Before> {
  const [files, open, containers, folders] = await Promise.all([
    filesIn(stateFolder),
    descriptorsOf(await supervisor()),
    engine.instances.list(),
    instanceFolders(),
  ]);
  const instances = new Set([...containers.map(({ id }) => id), ...folders.map(({ path }) => path)]);
  return { files, instances, descriptors: open.length };
}

/** What is left once the workflow is stopped and forgotten. */
export async function leftovers(around: Surroundings, before: Before): Promise<readonly Leftover[]> {
  for (const end = Date.now() + patience; ; await delay(100)) {
    const found = await look(around, before);
    if (found.length === 0 || Date.now() > end) return found;
  }
}

async function look(around: Surroundings, before: Before): Promise<readonly Leftover[]> {
  const { stateFolder } = around;
  const judge = await identityJudge();
  const isOrphan = async ({ owner }: { readonly owner: string }) => (await judge(owner)) === 'gone';
  const [containers, folders, processes, files, open] = await Promise.all([
    around.engine.instances
      .list()
      .then((all) =>
        all.filter(({ id, service }) => around.services.has(service) && !before.instances.has(id)),
      ),
    instanceFolders().then((all) => all.filter(({ path }) => !before.instances.has(path))),
    orphans(around),
    filesIn(stateFolder),
    descriptorsOf(await around.supervisor()),
  ]);
  const orphaned = async <T extends { readonly owner: string }>(all: readonly T[]) => {
    const judged = await Promise.all(all.map(isOrphan));
    return all.filter((_, index) => judged[index]);
  };
  return [
    ...(await orphaned(containers)).map(
      ({ id, service, state }): Leftover => ({
        kind: 'container',
        what: `${id.slice(0, 12)} of ${service}, ${state}`,
      }),
    ),
    ...processes.map((what): Leftover => ({ kind: 'process', what })),
    ...moreDescriptors(open, before.descriptors),
    ...(await orphaned(folders)).map(({ path }): Leftover => ({ kind: 'file', what: path })),
    ...[...files]
      .filter((path) => !before.files.has(path) && !isOfSupervisor(path))
      .map((path): Leftover => ({ kind: 'file', what: join(stateFolder, path) })),
  ];
}

/** Programs of this nstack with this state folder that have lost their supervisor. */
async function orphans({ stateFolder, packageRoot, supervisor }: Surroundings): Promise<readonly string[]> {
  const parent = await supervisor();
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [line, environment, status] = await Promise.all(
        ['cmdline', 'environ', 'stat'].map((name) =>
          readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => ''),
        ),
      );
      const isOurs =
        line?.includes(join(packageRoot, 'dist', 'data-path.mjs')) === true ||
        line?.includes(join(packageRoot, 'dist', 'duckdb-reader.mjs')) === true;
      if (!isOurs || environment?.split('\0').includes(`NSTACK_STATE=${stateFolder}`) !== true) return [];
      // The fourth field is the parent; the second may hold anything.
      const ppid = Number(status?.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
      const isHeld = line?.includes('data-path.mjs') === true ? ppid === parent : ppid > 1;
      return isHeld ? [] : [`process ${pid}: ${line?.split('\0').join(' ').trim()}`];
    }),
  );
  return found.flat();
}

/** What a supervisor writes for itself. */
function isOfSupervisor(path: string): boolean {
  return /^supervisor\.(db|log|sock)/.test(path) || path.startsWith('token');
}

function moreDescriptors(open: readonly string[], before: number): readonly Leftover[] {
  const more = open.length - before;
  if (more <= allowedDescriptors) return [];
  const counts = Map.groupBy(open, (target) => target);
  const words = [...counts].map(([target, all]) => (all.length === 1 ? target : `${all.length} x ${target}`));
  return [
    {
      kind: 'descriptor',
      what: `the supervisor has ${more} more open files than before, in all: ${words.join(', ')}`,
    },
  ];
}

/** Connections to the engine and to clients come and go. */
const allowedDescriptors = 4;

/** What the descriptors of a process are of, without the numbers of sockets and pipes. */
async function descriptorsOf(pid: number): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  const targets = await Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')));
  return targets.filter(Boolean).map((target) => target.replace(/:\[\d+\]$/, ''));
}

async function filesIn(folder: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return new Set(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name))),
  );
}
