import { describe, expect, it } from 'vitest';
import { imageConfig } from '../../../src/builder/image/image-config.ts';
import { measureLayer } from '../../../src/builder/image/layer.ts';

const below = {
  id: 'sha256:below',
  tags: ['nstack/layers:1'],
  labels: { secret: 'of the build' },
  layers: ['sha256:aa', 'sha256:bb'],
  size: 1,
  created: '2026-01-01T00:00:00Z',
  config: {
    Env: ['PATH=/opt/bin:/usr/bin', 'LANG=C.UTF-8', 'ODD=a=b'],
    Cmd: ['bash'],
    Labels: { secret: 'of the build' },
    User: 'root',
  },
};

async function config(): Promise<Record<string, unknown>> {
  const layers = [await measureLayer('code', [{ path: '/a', content: Buffer.from('a'), mode: 0o644 }])];
  const bytes = imageConfig({
    below,
    records: [
      ...below.layers.map((diffId) => ({ name: 'base', key: 'sha256:below', diffId, size: 1 })),
      ...layers.map(({ name, diffId, size }) => ({ name, key: diffId, diffId, size })),
    ],
    entrypoint: ['/usr/bin/python3'],
    workdir: '/service',
    env: { LANG: 'de_DE.UTF-8' },
    labels: { b: '2', a: '1' },
    created: '1980-01-01T00:00:00.000Z',
  });
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

describe('the config of an image', () => {
  it('runs the service as its own user, with variables of the packages and of the service', async () => {
    expect((await config()).config).toEqual({
      User: '65532:65532',
      Env: ['PATH=/opt/bin:/usr/bin', 'LANG=de_DE.UTF-8', 'ODD=a=b'],
      Entrypoint: ['/usr/bin/python3'],
      WorkingDir: '/service',
      Labels: { a: '1', b: '2' },
    });
  });

  it('tells neither how nor when the packages were installed', async () => {
    const text = JSON.stringify(await config());
    expect(text).not.toContain('2026');
    expect(text).not.toContain('of the build');
  });

  it('has one entry of history a layer, as engines expect', async () => {
    const { rootfs, history } = (await config()) as { rootfs: { diff_ids: unknown[] }; history: unknown[] };
    expect(rootfs.diff_ids.slice(0, 2)).toEqual(below.layers);
    expect(history).toHaveLength(rootfs.diff_ids.length);
  });
});
