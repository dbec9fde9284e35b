import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Rabbit, startRabbit } from '../support/brokers/rabbitmq.ts';
import { nstack } from '../support/nstack.ts';

let cwd: string;
let rabbit: Rabbit;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'nstack-connections-'));
  rabbit = await startRabbit();
});
afterAll(async () => {
  await rabbit?.stop();
  await rm(cwd, { recursive: true, force: true });
});

/** Tests the connection with a password from the file `password`. */
async function testWith(password: string) {
  const { host, port, username } = rabbit;
  await writeFile(join(cwd, 'password'), `${password}\n`);
  await writeFile(
    join(cwd, 'connections.yaml'),
    `connections:\n  orders: { system: rabbitMQ, host: ${host}, port: ${port}, username: ${username}, password: { file: password } }\n`,
  );
  return await nstack(['connections', 'test', '--connections=connections.yaml'], { cwd });
}

describe('nstack connections test, with a real broker', () => {
  test('says what is there', async () => {
    const { code, stdout, stderr } = await testWith(rabbit.password);
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^orders {2}ok {2}.*RabbitMQ.* \([1-9]\d* ms\)\n$/);
  });

  test('says that a password is wrong, and not which', async () => {
    const { code, stdout } = await testWith('sesame, close');
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/^orders {2}failed {2}/);
    expect(stdout).not.toContain('sesame');
  });

  test('ends with 75 when the broker is dead', async () => {
    await rabbit.kill();
    const { code, stdout } = await testWith(rabbit.password);
    expect(code, stdout).toBe(75);
  });
});
