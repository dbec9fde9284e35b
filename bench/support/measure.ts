import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly seconds: number;
  /** CPU seconds of the whole machine while the command ran: containers and the engine count too. Meaningful on a quiet machine alone. */
  readonly cpuSeconds: number;
  readonly stdout: string;
}

/** Runs a command to its end and measures it from outside. Fails where the command does. */
export async function measure(
  command: string,
  args: readonly string[],
  options: { cwd?: string } = {},
): Promise<Measured> {
  const cpu = machineCpuSeconds();
  const began = performance.now();
  const stdout = await run(command, args, options);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: machineCpuSeconds() - cpu, stdout };
}

/** Runs a command to its end and answers the seconds until its stderr had a text. Fails where the command does, or never says it. */
export async function measureLine(command: string, args: readonly string[], text: string): Promise<number> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let seconds: number | undefined;
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said += piece;
    if (seconds === undefined && said.includes(text)) seconds = (performance.now() - began) / 1000;
  });
  const [code] = await once(child, 'close');
  if (code === 0 && seconds !== undefined) return seconds;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${said.slice(-2_000)}`);
}

export async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string } = {},
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return Buffer.concat(out).toString();
  throw new Error(
    `${command} ${args.join(' ')} ended with ${code}:\n${Buffer.concat(err).toString().slice(-2_000)}`,
  );
}

/** User, nice, system and interrupt time of all processors since boot (proc(5), /proc/stat), at 100 ticks a second. */
function machineCpuSeconds(): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + irq + softirq) / 100;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? 0)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** A count or a rate for people: `1,234`. */
export function told(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** `--name=value` of this process's arguments as a number. */
export function numberFlag(name: string, fallback: number): number {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return given === undefined ? fallback : Number(given.slice(name.length + 3));
}
