import { access, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { baseReference, ensureBaseImage } from '../../../src/builder/base/base-image.ts';
import type { BuildProgress } from '../../../src/builder/progress.ts';
import { NstackError } from '../../../src/core/index.ts';
import { type ContainerEngine, connectEngine } from '../../../src/engine/index.ts';
import { patience } from '../../support/engine.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await connectEngine();
});

/** The engine as it is where no base image is there and no registry can be reached. What it would tag is written down instead. */
function bareEngine(changes: Partial<ContainerEngine> = {}) {
  const tagged: [id: string, reference: string][] = [];
  const bare: ContainerEngine = {
    ...engine,
    inspectImage: async (reference) =>
      reference === baseReference || reference.includes('debian:')
        ? undefined
        : engine.inspectImage(reference),
    async pullImage() {
      throw new NstackError('registry-unavailable', 'no such host');
    },
    async tagImage(id, reference) {
      tagged.push([id, reference]);
    },
    ...changes,
  };
  return { engine: bare, tagged };
}

/** Puts a script in the place of mmdebstrap; the test's own folder is its first argument's place. */
async function standIn(script: string): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(
    join(folder, 'mmdebstrap'),
    `#!/bin/sh\n[ "$1" = --version ] && exit 0\nfolder=${folder}\n${script}\n`,
    { mode: 0o755 },
  );
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  return folder;
}

async function unfinished(): Promise<unknown> {
  return engine.inspectImage(`nstack-unfinished/base:${process.pid}`);
}

const quiet = { onProgress: () => {}, signal: patience() };

describe('the base image', () => {
  it('is used where it is there, with one question and no word', async () => {
    const events: BuildProgress[] = [];
    const { engine: bare } = bareEngine({
      inspectImage: async () => ({
        id: 'sha256:1',
        tags: [],
        labels: {},
        layers: [],
        size: 1,
        created: '',
        config: {},
      }),
    });
    const base = await ensureBaseImage(bare, { ...quiet, onProgress: (event) => events.push(event) });
    expect(base).toEqual({ reference: 'nstack/base:trixie', id: 'sha256:1' });
    expect(events).toEqual([]);
  });

  it('is pulled where a registry can be reached, and keeps no other name', async () => {
    let pulled = false;
    const removed: string[] = [];
    const image = { id: 'sha256:2', tags: [], labels: {}, layers: [], size: 1, created: '', config: {} };
    const { engine: bare, tagged } = bareEngine({
      inspectImage: async (reference) => (reference !== baseReference && pulled ? image : undefined),
      async pullImage(_, onProgress) {
        onProgress({ kind: 'text', text: 'Pulling fs layer' });
        pulled = true;
      },
      async removeImage(reference) {
        removed.push(reference);
      },
    });
    expect((await ensureBaseImage(bare, quiet)).id).toBe('sha256:2');
    expect(tagged).toEqual([['sha256:2', baseReference]]);
    expect(removed).toEqual(['docker.io/library/debian:trixie-slim']);
  });

  it("is built from Debian's packages otherwise, and gets its tag when it is whole", async () => {
    const folder = await standIn(
      'echo "$@" > $folder/arguments; echo "I: installing" >&2; mkdir $folder/root; echo hi > $folder/root/file; tar -C $folder/root -c .',
    );
    const { engine: bare, tagged } = bareEngine();
    const said: string[] = [];
    const { id } = await ensureBaseImage(bare, {
      ...quiet,
      onProgress: (event) => said.push(event.kind === 'detail' ? event.text : event.step),
    });
    expect(tagged).toEqual([[id, baseReference]]);
    expect(said).toContain('I: installing');
    const args = await readFile(join(folder, 'arguments'), 'utf8');
    expect(args).toMatch(/trixie - deb http:\/\/deb\.debian\.org\/debian trixie main/);
    expect(await unfinished()).toBeUndefined();
  });

  it('that a tool leaves half built is none, though its tar looks whole', async () => {
    await standIn('mkdir $folder/root; tar -C $folder/root -c .; echo "E: no space left" >&2; exit 3');
    const { engine: bare, tagged } = bareEngine();
    await expect(ensureBaseImage(bare, quiet)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('E: no space left'),
      hint: expect.stringContaining('http://deb.debian.org'),
    });
    expect(tagged).toEqual([]);
    expect(await unfinished()).toBeUndefined();
  });

  it('whose building is interrupted is none, and the tool has ended', async () => {
    const folder = await standIn(
      'trap "touch $folder/ended; exit 1" TERM; echo ready >&2; while :; do sleep 0.05; done',
    );
    const { engine: bare, tagged } = bareEngine();
    const controller = new AbortController();
    const onProgress = (event: BuildProgress) => {
      if (event.kind === 'detail' && event.text === 'ready')
        controller.abort(new NstackError('interrupted', 'interrupted by the test'));
    };
    await expect(ensureBaseImage(bare, { onProgress, signal: controller.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    await access(join(folder, 'ended'));
    expect(tagged).toEqual([]);
    expect(await unfinished()).toBeUndefined();
  });

  it('cannot be had without a registry or a tool, and the error names a package to install', async () => {
    vi.stubEnv('PATH', await temporaryFolder());
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await expect(ensureBaseImage(bareEngine().engine, quiet)).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('no such host'),
      hint: expect.stringContaining('apt-get install mmdebstrap'),
    });
  });
});
