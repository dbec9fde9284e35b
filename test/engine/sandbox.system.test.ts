import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { buildFrom, runShell, startShell, temporaryTag, testEngine } from '../support/engine.ts';
import { docker } from '../support/nstack.ts';

const mebibyte = 1024 * 1024;

describe('the sandbox', () => {
  let engine: ContainerEngine;
  beforeAll(async () => {
    engine = await testEngine();
  });

  test('runs a service as a user without rights', async () => {
    const { output } = await runShell(engine, 'id -u; id -g; id -G');
    expect(output).toBe('65532\n65532\n65532\n');
  });

  test('leaves it no capabilities, no way to new privileges, and the seccomp filter', async () => {
    const { output } = await runShell(engine, 'grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/self/status');
    const none = '0000000000000000';
    expect(
      Object.fromEntries([...output.matchAll(/^(\w+):\s+(\S+)$/gm)].map((match) => match.slice(1))),
    ).toEqual({
      CapInh: none,
      CapPrm: none,
      CapEff: none,
      CapBnd: none,
      CapAmb: none,
      NoNewPrivs: '1',
      Seccomp: '2',
    });
  });

  test('lets it write to its private /tmp alone', async () => {
    const script = `for folder in / /etc /usr /var /var/tmp /home /root /run /run/nstack /sys /proc /dev
      do (echo x >$folder/file) 2>/dev/null && echo "wrote to $folder"; done; echo x >/tmp/file && cat /tmp/file`;
    expect((await runShell(engine, script)).output).toBe('x\n');
  });

  test('gives each instance a /tmp of its own, with a limit', async () => {
    const script = 'ls -A /tmp; head -c 80M /dev/zero >/tmp/big; stat -c %s /tmp/big';
    const limits = { memory: 256 * mebibyte, cpu: 1, pids: 64 };
    const [first, second] = [
      await runShell(engine, script, { limits }),
      await runShell(engine, script, { limits }),
    ];
    expect(first.log).toContain('No space left on device');
    expect([first.output, second.output]).toEqual([`${64 * mebibyte}\n`, `${64 * mebibyte}\n`]);
  });

  test('has no network but its own loopback', async () => {
    const { output } = await runShell(
      engine,
      'tail -n +3 /proc/net/dev | cut -d: -f1; wc -l </proc/net/route',
    );
    expect(output.replace(/ /g, '')).toBe('lo\n1\n');
  });

  test('has a network where that is declared', async () => {
    const { output } = await runShell(engine, 'tail -n +3 /proc/net/dev | cut -d: -f1 | sort', {
      network: 'open',
    });
    expect(output.replace(/ /g, '')).toMatch(/^(lo\neth0|eth0\nlo)\n$/);
  });

  test('refuses more processes than its limit', async () => {
    const script = 'for i in $(seq 100); do sleep 5 & done; echo survived';
    const { log, code } = await runShell(engine, script, {
      limits: { memory: 64 * mebibyte, cpu: 1, pids: 20 },
    });
    expect(log).toMatch(/fork|Resource temporarily unavailable/);
    expect(code).not.toBe(0);
  });

  test('kills a service that takes more memory than its limit, and says so', async () => {
    const limits = { memory: 32 * mebibyte, cpu: 1, pids: 20 };
    const { code, outOfMemory, output } = await runShell(engine, 'exec tail /dev/zero', { limits });
    expect({ code, outOfMemory, output }).toEqual({ code: 137, outOfMemory: true, output: '' });
  });

  test('gives no swap beyond the memory, no restart, no log file, and no more cores than there are', async () => {
    const limits = { memory: 32 * mebibyte, cpu: 10_000, pids: 20 };
    const instance = await startShell(engine, 'echo ready; exec cat', { limits });
    await once(instance.output, 'data');
    const [{ HostConfig: host, LogPath: log }] = JSON.parse(await docker('inspect', instance.id));
    expect(host).toMatchObject({
      Memory: 32 * mebibyte,
      MemorySwap: 32 * mebibyte,
      PidsLimit: 20,
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'none' },
      Privileged: false,
      Init: false,
    });
    expect(log).toBe('');
    expect(host.NanoCpus).toBeGreaterThan(0);
    expect(host.NanoCpus).toBeLessThan(10_000e9);
  });

  test('holds its cpu time to the limit', async () => {
    const script =
      'timeout 1 sh -c "while :; do :; done"; awk "{ print \\$14 + \\$15 + \\$16 + \\$17 }" /proc/$$/stat';
    const { output } = await runShell(engine, script, {
      limits: { memory: 64 * mebibyte, cpu: 0.25, pids: 20 },
    });
    // In ticks of 10 ms; a quarter of a core for one second is 25.
    expect(Number(output)).toBeGreaterThan(5);
    expect(Number(output)).toBeLessThan(50);
  });

  test('keeps volumes that an image declares within the same limits', async () => {
    const tag = temporaryTag(engine);
    await buildFrom(engine, 'FROM nstack/base:trixie\nVOLUME /data', { tag });
    const { output } = await runShell(engine, 'stat -f -c %T /data; echo x >/data/file && echo wrote', {
      image: tag,
    });
    expect(output).toBe('tmpfs\nwrote\n');
  });
});
