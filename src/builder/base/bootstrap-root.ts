import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { NstackError, quotedLines } from '../../core/index.ts';

const suite = 'trixie';
/** Plain http, because Debian's packages are signed and a base image holds no certificates. */
const sources = [
  `deb http://deb.debian.org/debian ${suite} main`,
  `deb http://deb.debian.org/debian ${suite}-updates main`,
  `deb http://security.debian.org/debian-security ${suite}-security main`,
];
/** What Debian's own slim images leave out; dpkg goes on leaving it out inside the image. */
const leftOut = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/locale/*',
  'path-include=/usr/share/locale/locale.alias',
];

export interface BootstrapOptions {
  /** Why the image could not be pulled, for the message when there is no tool either. */
  readonly unreachable: unknown;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Makes a root file system of Debian's packages with mmdebstrap, or debootstrap where this is root, and hands its tar to `take` as it comes.
 * Answers what `take` answers, once the tool has ended well; what it wrote on the way is gone in any case. Fails with `build-failed`.
 */
export async function bootstrapRoot<T>(
  options: BootstrapOptions,
  take: (tar: Readable) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nstack-base-'));
  try {
    if (await isInstalled('mmdebstrap', options.signal)) return await withMmdebstrap(folder, options, take);
    if (process.getuid?.() === 0 && (await isInstalled('debootstrap', options.signal)))
      return await withDebootstrap(folder, options, take);
    const pull = options.unreachable instanceof Error ? ` (${options.unreachable.message})` : '';
    throw new NstackError(
      'build-failed',
      `the base image cannot be pulled${pull}, and no tool to build it from Debian packages is installed`,
      {
        hint: 'install one: `sudo apt-get install mmdebstrap`; or tag an image of Debian 13 as nstack/base:trixie yourself',
        cause: options.unreachable,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function isInstalled(tool: string, signal: AbortSignal): Promise<boolean> {
  const { exitCode } = await execa(tool, ['--version'], {
    reject: false,
    cancelSignal: signal,
    stdin: 'ignore',
  });
  signal.throwIfAborted();
  return exitCode === 0;
}

async function withMmdebstrap<T>(
  folder: string,
  options: BootstrapOptions,
  take: (tar: Readable) => Promise<T>,
): Promise<T> {
  const dpkgOptions = join(folder, 'dpkg-options');
  await writeFile(dpkgOptions, `${leftOut.join('\n')}\n`);
  return tarOf(
    'mmdebstrap',
    [
      '--variant=minbase',
      '--format=tar',
      `--dpkgopt=${dpkgOptions}`,
      '--customize-hook=rm -rf "$1"/var/cache/apt/*.bin "$1"/var/log/apt "$1"/var/log/*.log',
      suite,
      '-',
      ...sources,
    ],
    options,
    take,
  );
}

async function withDebootstrap<T>(
  folder: string,
  options: BootstrapOptions,
  take: (tar: Readable) => Promise<T>,
): Promise<T> {
  const root = join(folder, 'root');
  const child = execa('debootstrap', ['--variant=minbase', suite, root, 'http://deb.debian.org/debian'], {
    ...childOptions(options.signal),
    stdout: 'pipe',
  });
  child.stdout.setEncoding('utf8').on('data', showLines(options.onLine));
  await child.catch((cause: unknown) => fail('debootstrap', cause, options.signal));
  await writeFile(join(root, 'etc/apt/sources.list'), `${sources.join('\n')}\n`);
  await writeFile(join(root, 'etc/dpkg/dpkg.cfg.d/nstack-slim'), `${leftOut.join('\n')}\n`);
  // Licences stay: they are the copyright files.
  const emptied = [
    './var/cache/apt/archives/*.deb',
    './var/lib/apt/lists/*',
    './usr/share/doc/*/changelog*',
    './usr/share/doc/*/NEWS*',
    './usr/share/doc/*/README*',
    './usr/share/man/*',
    './usr/share/locale/*/*',
  ];
  return tarOf(
    'tar',
    [
      '--create',
      '--numeric-owner',
      '--one-file-system',
      '--wildcards',
      ...emptied.map((path) => `--exclude=${path}`),
      '-C',
      root,
      '.',
    ],
    options,
    take,
  );
}

/** Both must end well, the tool and who takes its output: a tool that died halfway may have written a tar that looks whole. */
async function tarOf<T>(
  tool: string,
  args: readonly string[],
  { onLine, signal }: BootstrapOptions,
  take: (tar: Readable) => Promise<T>,
): Promise<T> {
  const child = execa(tool, args, { ...childOptions(signal), stdout: 'pipe', buffer: { stdout: false } });
  child.stderr.setEncoding('utf8').on('data', showLines(onLine));
  let exitCode: number | null = null;
  child.nodeChildProcess.once('exit', (code) => {
    exitCode = code;
  });
  const ended = child.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  try {
    const result = await take(child.stdout);
    const failure = await ended;
    if (failure !== undefined) fail(tool, failure, signal);
    return result;
  } catch (error) {
    const diedFirst = exitCode !== null && exitCode !== 0;
    child.kill();
    const failure = await ended;
    // Of a tool that died the tar is broken too, and the tool's own words explain it better.
    if (diedFirst) fail(tool, failure, signal);
    throw error;
  }
}

function childOptions(signal: AbortSignal) {
  return {
    cancelSignal: signal,
    // mmdebstrap, when it fails, hangs up on its whole process group: that must not be ours.
    detached: true,
    // Time for the tool to unmount and remove what it has begun.
    forceKillAfterDelay: 20_000,
    stdin: 'ignore',
    stderr: 'pipe',
    maxBuffer: 10_000_000,
  } as const;
}

function showLines(onLine: (line: string) => void): (chunk: string) => void {
  return (chunk) => {
    for (const line of chunk.split('\n')) if (line.trim() !== '') onLine(line.trim());
  };
}

function fail(tool: string, cause: unknown, signal: AbortSignal): never {
  signal.throwIfAborted();
  const stderr = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : '';
  const lines = quotedLines(stderr.trim().split('\n'));
  throw new NstackError('build-failed', `${tool} could not build the base image${lines}`, {
    cause,
    hint: "Debian's packages must be reachable at http://deb.debian.org (http_proxy is honoured), and their keys installed: `sudo apt-get install debian-archive-keyring`",
  });
}
