import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { identityJudge, ownIdentity } from '../../src/core/index.ts';

test('this process lives', async () => {
  expect(await (await identityJudge())(await ownIdentity())).toBe('lives');
});

test('a process that ended is gone', async () => {
  const child = spawn('sleep', ['1000']);
  await once(child, 'spawn');
  const identity = await identityOf(Number(child.pid));
  const judge = await identityJudge();
  expect(await judge(identity)).toBe('lives');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(await judge(identity)).toBe('gone');
});

test('a process that was killed and that nobody has waited for is gone', async () => {
  // The shell's child is dead and stays a zombie for as long as the shell sleeps.
  const shell = spawn('sh', ['-c', 'sleep 1000 & pid=$!; echo $pid; kill -9 $pid; exec sleep 1000']);
  const [line] = await once(shell.stdout, 'data');
  const judge = await identityJudge();
  const pid = Number(String(line));
  await expect.poll(() => stateOf(pid)).toBe('Z');
  expect(await judge(await identityOf(pid))).toBe('gone');
  shell.kill('SIGKILL');
});

test('another process with the same number is not the one that was meant', async () => {
  const parts = (await ownIdentity()).split('.');
  expect(await (await identityJudge())([...parts.slice(0, 3), '1'].join('.'))).toBe('gone');
});

test('a process of another boot or namespace is not judged by its number', async () => {
  const judge = await identityJudge();
  const [boot, namespace, pid, start] = (await ownIdentity()).split('.');
  expect(await judge(['another', namespace, pid, start].join('.'))).toBe('other-boot');
  expect(await judge([boot, '1', pid, start].join('.'))).toBe('other-namespace');
  expect(await judge('')).toBe('other-boot');
  expect(await judge(`${boot}.${namespace}.x`)).toBe('other-namespace');
});

async function identityOf(pid: number): Promise<string> {
  const [boot, namespace] = (await ownIdentity()).split('.');
  return [boot, namespace, pid, fieldsOf(pid)[19]].join('.');
}

function stateOf(pid: number): string | undefined {
  return fieldsOf(pid)[0];
}

function fieldsOf(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
