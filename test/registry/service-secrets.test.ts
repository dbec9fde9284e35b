import { expect, test } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { type Manifest, parseManifest } from '../../src/manifest/index.ts';
import { openService } from '../../src/registry/index.ts';
import { withoutSecrets } from '../../src/registry/without-secrets.ts';

function manifestWith(secrets: string): Manifest {
  const text = `name: Score\nstack: python\nsecrets: ${secrets}\napi: |\n  score : Text -> Double\n`;
  const { manifest } = parseManifest(text, 'nstack.yaml');
  if (manifest === undefined) throw new Error(text);
  return manifest;
}

test('a service without its secrets is refused before anything is asked of the engine', async () => {
  const engine = new Proxy({} as ContainerEngine, {
    get(_, name) {
      throw new Error(`the engine was asked to ${String(name)}`);
    },
  });
  const options = { parameters: {}, secrets: { A: 'a', OTHER: 'x' }, signal: AbortSignal.timeout(5_000) };
  await expect(
    openService(engine, 'image', manifestWith('[A, B_KEY, toString]'), options),
  ).rejects.toMatchObject({
    code: 'connection-invalid',
    message: 'Score needs the secrets B_KEY, toString, and got none of that name',
    hint: expect.stringContaining('B_KEY: { env: NAME }'),
  });
});

test('what a service logs loses its secrets in the message and in every field', () => {
  const redact = (text: string) => text.replaceAll('hunter2', '***');
  const event = {
    kind: 'log',
    level: 'info',
    message: 'a hunter2',
    fields: { n: 1, list: ['hunter2', null], inner: { text: 'x hunter2 y', fine: true } },
  } as const;
  expect(withoutSecrets(event, redact)).toEqual({
    kind: 'log',
    level: 'info',
    message: 'a ***',
    fields: { n: 1, list: ['***', null], inner: { text: 'x *** y', fine: true } },
  });
  const metric = { kind: 'metric', name: 'hits', value: 1, labels: {} } as const;
  expect(withoutSecrets(metric, redact)).toBe(metric);
});
