import type { Readable, Writable } from 'node:stream';

/** What an engine's list of images says of one. */
export interface SeenImage {
  /** `sha256:...` of the image's config. */
  readonly id: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly size: number;
  /** ISO 8601 time from the config. */
  readonly created: string;
}

/** Facts about one image, read without pulling layers. */
export interface ImageInfo extends SeenImage {
  /** Diff ids (uncompressed digests), base first. */
  readonly layers: readonly string[];
  /** The image's config object as OCI specifies it (`Env`, `Entrypoint`, `Labels`, ...). */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What an instance may use; everything else of the sandbox is fixed: non-root, read-only root, no capabilities, no new privileges. */
export interface InstanceSpec {
  readonly image: string;
  /** True name of the service, for labels and messages. */
  readonly service: string;
  readonly env: Readonly<Record<string, string>>;
  /** Bytes, cores, count. */
  readonly limits: { readonly memory: number; readonly cpu: number; readonly pids: number };
  readonly network: 'none' | 'open';
  /**
   * Texts by name that the service reads from files, /run/secrets/NAME. They reach it by a folder in this machine's memory, where there is one, and
   * are in nothing that the engine keeps or shows; an engine that does not see this machine's files fails with `service-failed`.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Replaces the image's entrypoint (tests and tools alone). */
  readonly entrypoint?: readonly string[];
}

export interface InstanceExit {
  /** Exit code, 128 + signal where it was killed; undefined where the engine cannot say. */
  readonly code: number | undefined;
  readonly outOfMemory: boolean;
}

/**
 * One running service. The starter owns it: it must call `remove` once, whatever happened. An instance is never restarted.
 * `input` and `output` are open before the service starts; the service's death is seen as the end of `output`.
 */
export interface Instance {
  readonly id: string;
  /** The service's stdin. It is not to be ended before the service has answered once: a service that opens its pipe only then would wait for ever. */
  readonly input: Writable;
  /** The service's stdout: the protocol alone. */
  readonly output: Readable;
  /** The service's stderr: prints, in UTF-8 lines as they come. */
  readonly log: Readable;
  readonly exited: Promise<InstanceExit>;
  /** Drops the pipe ends that were kept open against start-up races. Call once `initialize` is answered. */
  settled(): void;
  kill(): Promise<void>;
  /** Kills if it still runs, then deletes the container, its directory and its pipes. Safe to call twice. */
  remove(): Promise<void>;
}

/** An instance as the engine lists it, whoever started it. */
export interface InstanceInfo {
  readonly id: string;
  /** `sha256:...` of the image that it was started from. */
  readonly imageId: string;
  /** True name of the service. */
  readonly service: string;
  /** Identity of the process that owns it (core/process-identity.ts). */
  readonly owner: string;
  /** The engine's word: `running`, `paused`, `exited`, ... */
  readonly state: string;
}

/** Other processes' instances, for those who look after them or put them to the test. Each of the last three answers whether there was something to do it to. */
export interface InstanceDesk {
  list(): Promise<readonly InstanceInfo[]>;
  /** SIGKILL. */
  kill(id: string): Promise<boolean>;
  /** Stops every process of it as it stands. */
  pause(id: string): Promise<boolean>;
  unpause(id: string): Promise<boolean>;
}

/** One command in a container of its own, with a writable root file system that goes with it. */
export interface TaskSpec {
  readonly image: string;
  /** Completes "to ..." in messages: `compile ClickAnalytics`. */
  readonly purpose: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** A tar of what is put below `/` first. */
  readonly files: Readable;
  /** The folder to be read afterwards. */
  readonly outcome: string;
  readonly access: TaskAccess;
  /** What it writes on stdout and stderr. */
  readonly onLine: (line: string) => void;
}

/** What a task may do: be user 65532 without network or capabilities, within limits (bytes, count); or install packages, as a step of the engine's own builder may: as root, and on the host's network. */
export type TaskAccess = { readonly memory: number; readonly pids: number } | 'as a builder';

/** How a task ended. */
export interface TaskOutcome {
  readonly code: number;
  readonly outOfMemory: boolean;
  /** A tar of the folder {@link TaskSpec.outcome}, whose name its paths begin with; undefined where there is no such folder. */
  files(): Promise<Readable | undefined>;
}

/** A container that stays for several tasks of one service: it reads requests on its stdin, and ends by itself when none comes. */
export interface BuilderSpec {
  /** Unique on the engine: one builder bears it at a time. */
  readonly name: string;
  /** True name of the service. */
  readonly service: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The one folder besides /tmp that can be written: in memory, and of user 65532. */
  readonly workdir: string;
  /** Bytes, count. */
  readonly limits: { readonly memory: number; readonly pids: number };
}

/** Its stdin, stdout and stderr. Whoever connects next finds them where they were left. */
export interface BuilderConnection {
  readonly input: Writable;
  readonly output: Readable;
  readonly log: Readable;
  close(): void;
}

/** A builder as the engine lists it. */
export interface BuilderInfo {
  readonly name: string;
  readonly service: string;
  /** The engine's word: `running`, `exited`, ... */
  readonly state: string;
}

/** Builders outlive the process that started them. They are as user 65532, without network, capabilities or a root file system to write on. */
export interface BuilderDesk {
  /** Undefined where none of that name runs. */
  connect(name: string, signal: AbortSignal): Promise<BuilderConnection | undefined>;
  /** Fails with `build-failed` where the engine refuses. */
  start(spec: BuilderSpec, signal: AbortSignal): Promise<BuilderConnection>;
  list(): Promise<readonly BuilderInfo[]>;
  /** Ends and removes it. Missing is fine. */
  remove(name: string): Promise<void>;
}

/** One line of progress of a long engine operation. */
export type EngineProgress = (event: {
  readonly kind: 'text' | 'bytes';
  readonly text: string;
  readonly done?: number;
  readonly total?: number;
}) => void;

/** What failed in a build: the `cause` of a `build-failed` error. */
export interface BuildFault {
  /** What the builder says. */
  readonly message: string;
  /** The instruction that ran; undefined where none did. `number` counts from 1. */
  readonly step: { readonly number: number; readonly of: number; readonly instruction: string } | undefined;
  /** The last lines, at most 20, that the step's own tool printed, without colours. */
  readonly lines: readonly string[];
}

export interface BuildOptions {
  readonly tag?: string;
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly network: 'host' | 'none';
  readonly onProgress: EngineProgress;
  readonly signal: AbortSignal;
}

/**
 * A container engine (Docker API) behind the operations that nstack needs. Every method fails with an NstackError:
 * `engine-unavailable` where the engine does not answer, otherwise what the method names.
 */
export interface ContainerEngine {
  /** For messages: `Docker 20.10.24 at /var/run/docker.sock`. */
  readonly description: string;
  inspectImage(reference: string): Promise<ImageInfo | undefined>;
  /** The images with one of these references, or with this label (`key` or `key=value`), by one request, whatever their number. */
  seeImages(
    which: { readonly references: readonly string[] } | { readonly label: string },
  ): Promise<readonly SeenImage[]>;
  /** Images that carry the label (`key` or `key=value`), inspected one by one. */
  listImages(label: string): Promise<readonly ImageInfo[]>;
  /** Runs the engine's own builder on a tar of the context; answers the image id. Fails with `build-failed`: a {@link BuildFault} is its cause. */
  buildImage(context: Readable, options: BuildOptions): Promise<string>;
  /** Loads a `docker save` archive; fails with `build-failed`. */
  loadImage(archive: Readable, signal: AbortSignal): Promise<void>;
  /** Imports a root file system as an image. */
  importRoot(rootfs: Readable, reference: string, changes: readonly string[]): Promise<string>;
  saveImage(reference: string): Promise<Readable>;
  tagImage(id: string, reference: string): Promise<void>;
  /** Removes a tag (and the image with its last tag). Missing is fine. */
  removeImage(reference: string): Promise<void>;
  pullImage(reference: string, onProgress: EngineProgress, signal: AbortSignal): Promise<void>;
  startInstance(spec: InstanceSpec, signal: AbortSignal): Promise<Instance>;
  /** Instances of any process. */
  readonly instances: InstanceDesk;
  /** Runs a command to its end, answers what `take` makes of the outcome, and removes the container. A command that fails is an outcome too. */
  runTask<T>(spec: TaskSpec, take: (outcome: TaskOutcome) => Promise<T>, signal: AbortSignal): Promise<T>;
  readonly builders: BuilderDesk;
  /** Removes instances (and their directories) whose owning process is gone. Answers how many. */
  sweep(): Promise<number>;
}
