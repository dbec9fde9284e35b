import type Docker from 'dockerode';
import type { BuilderSpec, ImageInfo, InstanceSpec, TaskSpec } from './engine.ts';

/** Where the pipes' folder appears in the container. */
const pipesPath = '/run/nstack';

/** Where a service finds its secrets, and the variable that says so. */
const secretsPath = '/run/secrets';
const secretsVariable = 'NSTACK_SECRETS';

/** No file of an image belongs to this user and group. */
const serviceUser = '65532:65532';

/** Bytes of the private /tmp, and of /dev/shm. Both count against the instance's memory as well. */
const scratchSize = 64 * 1024 * 1024;

/** On containers: the process that owns the instance. */
export const ownerLabel = 'io.nstack.owner';

/** On containers: the true name of the service. */
export const serviceLabel = 'io.nstack.service';

/** On containers: the true name of the service that a builder compiles. */
export const builderLabel = 'io.nstack.builder';

export interface SandboxPlan {
  readonly spec: InstanceSpec;
  readonly image: ImageInfo;
  readonly owner: string;
  /** Of the machine that the engine runs on: it refuses a limit above this. */
  readonly cores: number;
  /** Folder with the pipes; undefined: stdin and stdout come by attach. */
  readonly pipes: string | undefined;
  /** Folder with a file for each secret; undefined: it has none. */
  readonly secrets?: string | undefined;
}

/**
 * The sandbox of DESIGN.md as the engine's own options: non-root, read-only root, private /tmp, no capabilities, no new privileges, the
 * engine's default seccomp profile, no network unless declared, and limits on memory, pids and cpu.
 */
export function containerOptions(plan: SandboxPlan): Docker.ContainerCreateOptions {
  const { spec, image, owner, pipes, secrets } = plan;
  const command = spec.entrypoint ?? [...words(image.config.Entrypoint), ...words(image.config.Cmd)];
  return {
    Image: image.id,
    ...(pipes === undefined ? { Entrypoint: [], Cmd: [...command] } : overPipes(command)),
    User: serviceUser,
    Env: variables(secrets === undefined ? spec.env : { ...spec.env, [secretsVariable]: secretsPath }),
    Labels: { [ownerLabel]: owner, [serviceLabel]: spec.service },
    Tty: false,
    OpenStdin: pipes === undefined,
    StdinOnce: pipes === undefined,
    // A health check of a parent image would run in our limits and mean nothing to us.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: hostConfig(plan),
  };
}

/**
 * The sandbox of one command: that of an instance, but with a root file system to write on, and all cores; or what steps of the engine's builder have. A task of the latter kind
 * unpacks its files by itself, from its stdin: the engine would start a process for them.
 */
export function taskOptions(spec: TaskSpec, owner: string): Docker.ContainerCreateOptions {
  const { access } = spec;
  const isBuilder = unpacksItself(spec);
  return {
    Image: spec.image,
    Entrypoint: [],
    Cmd: isBuilder ? ['/bin/sh', '-c', unpackFiles, 'sh', ...spec.command] : [...spec.command],
    User: isBuilder ? '0:0' : serviceUser,
    Env: variables(spec.env),
    Labels: { [ownerLabel]: owner },
    WorkingDir: spec.workdir,
    Tty: false,
    OpenStdin: isBuilder,
    StdinOnce: isBuilder,
    Healthcheck: { Test: ['NONE'] },
    HostConfig:
      access === 'as a builder'
        ? { ...withoutTraces, NetworkMode: 'host' }
        : {
            ...isolation,
            NetworkMode: 'none',
            Memory: access.memory,
            MemorySwap: access.memory,
            PidsLimit: access.pids,
          },
  };
}

/** Whether a task takes its files from its stdin. */
export function unpacksItself({ access }: TaskSpec): boolean {
  return access === 'as a builder';
}

const unpackFiles = 'tar --extract --file=- --directory=/ --preserve-permissions && exec "$@" </dev/null';

/** The sandbox of a builder: that of a task, but with folders in memory as all that it can write. It has no owner: it ends by itself. */
export function builderOptions(spec: BuilderSpec): Docker.ContainerCreateOptions {
  const { memory, pids } = spec.limits;
  const scratch = `rw,exec,nosuid,nodev,uid=65532,gid=65532,mode=755,size=${memory / 2}`;
  return {
    Image: spec.image,
    Entrypoint: [],
    Cmd: [...spec.command],
    User: serviceUser,
    Env: variables(spec.env),
    Labels: { [builderLabel]: spec.service },
    WorkingDir: spec.workdir,
    Tty: false,
    OpenStdin: true,
    StdinOnce: false,
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      ...isolation,
      AutoRemove: true,
      ReadonlyRootfs: true,
      Tmpfs: { [spec.workdir]: scratch, '/tmp': scratch },
      NetworkMode: 'none',
      Memory: memory,
      MemorySwap: memory,
      PidsLimit: pids,
    },
  };
}

/** The shell puts the pipes on stdin and stdout and is gone: shims know nothing of pipes. Both opens succeed at once, since we hold the other ends. */
function overPipes(command: readonly string[]): { Entrypoint: string[]; Cmd: string[] } {
  const script = `exec "$@" <${pipesPath}/in >${pipesPath}/out`;
  return { Entrypoint: ['/bin/sh', '-c', script, 'sh'], Cmd: [...command] };
}

/** What holds for every container of ours. */
const withoutTraces: Docker.HostConfig = {
  Privileged: false,
  IpcMode: 'private',
  // When the machine runs out of memory, a service goes before the supervisor: it can be replaced.
  OomScoreAdj: 500,
  // A core dump would be written by the host's handler, outside of every limit.
  Ulimits: [{ Name: 'core', Soft: 0, Hard: 0 }],
  Init: false,
  AutoRemove: false,
  RestartPolicy: { Name: 'no' },
  // What it writes is read by attach; a log file beside it would fill the disk.
  LogConfig: { Type: 'none', Config: {} },
};

/** And for all but what installs packages. */
const isolation: Docker.HostConfig = {
  ...withoutTraces,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges:true'],
};

function hostConfig({ spec, image, cores, pipes, secrets }: SandboxPlan): Docker.HostConfig {
  const { memory, cpu, pids } = spec.limits;
  return {
    ...isolation,
    ReadonlyRootfs: true,
    Tmpfs: scratch(image),
    Mounts: [...readOnly(pipes, pipesPath), ...readOnly(secrets, secretsPath)],
    NetworkMode: spec.network === 'open' ? 'bridge' : 'none',
    ShmSize: scratchSize,
    Memory: memory,
    // Memory and swap together: equal means no swap.
    MemorySwap: memory,
    PidsLimit: pids,
    NanoCpus: Math.round(Math.min(cpu, cores) * 1e9),
  };
}

/** A folder of ours where the service sees it, and cannot change it. */
function readOnly(folder: string | undefined, path: string): Docker.MountSettings[] {
  return folder === undefined ? [] : [{ Type: 'bind', Source: folder, Target: path, ReadOnly: true }];
}

/** /tmp, and what the image declares as volumes, which would be writable and without a limit otherwise. Programs may map code from /tmp, as JNI does. */
function scratch(image: ImageInfo): Record<string, string> {
  const options = `rw,exec,nosuid,nodev,mode=1777,size=${scratchSize}`;
  const { Volumes } = image.config;
  const volumes = typeof Volumes === 'object' && Volumes !== null ? Object.keys(Volumes) : [];
  return Object.fromEntries(['/tmp', ...volumes].map((path) => [path, options]));
}

function words(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}

function variables(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
