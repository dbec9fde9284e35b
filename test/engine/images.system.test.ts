import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BuildFault, ContainerEngine } from '../../src/engine/index.ts';
import {
  buildFrom,
  patience,
  startShell,
  tarOf,
  temporaryTag,
  testEngine,
  tinyImage,
} from '../support/engine.ts';
import { docker } from '../support/nstack.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

describe('an image', () => {
  test('that was imported has the labels and the tag it was given', async () => {
    const tag = temporaryTag(engine);
    const id = await tinyImage(engine, tag, { 'io.nstack.test': 'a "quoted" value', other: '1' });
    expect(await engine.inspectImage(tag)).toMatchObject({
      id,
      tags: [tag],
      labels: { 'io.nstack.test': 'a "quoted" value', other: '1' },
      layers: [expect.stringMatching(/^sha256:/)],
      created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  test('that is not there is undefined, and removing it is fine', async () => {
    expect(await engine.inspectImage('nstack-test/none:1')).toBe(undefined);
    await engine.removeImage('nstack-test/none:1');
  });

  test('is listed by a label, and by a label with its value', async () => {
    const [one, two, value] = [temporaryTag(engine), temporaryTag(engine), randomBytes(4).toString('hex')];
    await tinyImage(engine, one, { 'io.nstack.list': value });
    await tinyImage(engine, two, { 'io.nstack.list': 'other' });
    const byValue = await engine.listImages(`io.nstack.list=${value}`);
    expect(byValue.map((image) => image.tags)).toEqual([[one]]);
    const byLabel = await engine.listImages('io.nstack.list');
    expect(byLabel.flatMap((image) => image.tags)).toEqual(expect.arrayContaining([one, two]));
  });

  test('gets further tags, loses them one by one, and is gone with the last', async () => {
    const [one, two] = [temporaryTag(engine), temporaryTag(engine)];
    const id = await tinyImage(engine, one);
    await engine.tagImage(id, two);
    await engine.removeImage(one);
    expect((await engine.inspectImage(id))?.tags).toEqual([two]);
    await engine.removeImage(two);
    expect(await engine.inspectImage(id)).toBe(undefined);
  });

  test('that is missing cannot be tagged or saved', async () => {
    await expect(engine.tagImage('nstack-test/none:1', 'nstack-test/new:1')).rejects.toMatchObject({
      code: 'service-unknown',
    });
    await expect(engine.saveImage('nstack-test/none:1').then(buffer)).rejects.toThrow();
  });

  test('in use is not removed', async () => {
    const tag = temporaryTag(engine);
    await buildFrom(engine, 'FROM nstack/base:trixie\nENV USED=1', { tag });
    const instance = await startShell(engine, 'exec cat', { image: tag });
    await expect(engine.removeImage(tag)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(tag),
    });
    await instance.remove();
  });

  test('that was saved is the same image when it is loaded again', async () => {
    const tag = temporaryTag(engine);
    const id = await tinyImage(engine, tag, { kept: 'yes' });
    const archive = await buffer(await engine.saveImage(tag));
    await engine.removeImage(tag);
    await engine.loadImage(Readable.from([archive]), patience());
    expect(await engine.inspectImage(tag)).toMatchObject({ id, labels: { kept: 'yes' } });
  });

  test.each([
    ['that is no archive', () => Readable.from([Buffer.from('not a tar archive')])],
    ['without a manifest', () => tarOf({ 'file.txt': 'x' })],
    [
      'whose layer is missing',
      () =>
        tarOf({
          'manifest.json':
            '[{"Config":"config.json","RepoTags":["nstack-test/broken:1"],"Layers":["layer.tar"]}]',
          'config.json':
            '{"rootfs":{"type":"layers","diff_ids":["sha256:0000000000000000000000000000000000000000000000000000000000000000"]}}',
        }),
    ],
  ])('archive %s is refused', async (_, archive) => {
    await expect(engine.loadImage(archive(), patience())).rejects.toMatchObject({ code: 'build-failed' });
    expect(await engine.inspectImage('nstack-test/broken:1')).toBe(undefined);
  });

  test('archive that breaks off while it is sent fails with the reason of its own', async () => {
    const broken = new Readable({
      read() {
        this.push(Buffer.alloc(1024));
        this.destroy(new Error('the disk is gone'));
      },
    });
    await expect(engine.loadImage(broken, patience())).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringContaining('the disk is gone'),
    });
  });
});

describe('a build', () => {
  test('answers the id of an image with its tag, labels and arguments, and shows its steps', async () => {
    const tag = temporaryTag(engine);
    const lines: string[] = [];
    const dockerfile =
      'FROM nstack/base:trixie AS first\nARG WORD\nRUN echo "word: $WORD"\nFROM first AS second\nENV LATE=1';
    const id = await buildFrom(engine, dockerfile, {
      tag,
      target: 'first',
      labels: { 'io.nstack.test': 'built' },
      buildArgs: { WORD: 'argument' },
      onProgress: ({ text }) => void lines.push(text),
    });
    expect(await engine.inspectImage(tag)).toMatchObject({ id, labels: { 'io.nstack.test': 'built' } });
    expect(lines.join('\n')).toMatch(
      /^Step 1\/\d : FROM nstack\/base:trixie AS first\n[\s\S]*^word: argument$/m,
    );
    expect(lines.join('\n')).not.toContain('LATE');
  });

  test('that fails names the step and holds the last twenty lines of its tool', async () => {
    const dockerfile = `FROM nstack/base:trixie\nRUN echo before\nRUN seq 30; printf '\\033[31mred\\033[0m\\n'; exit 7`;
    const error = await buildFrom(engine, dockerfile).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(
        /^step 3 of 3 failed: RUN seq 30.*: exit code 7\n {2}\| 12\n[\s\S]*\| red$/,
      ),
    });
    const { step, lines } = (error as { cause: BuildFault }).cause;
    expect(step).toMatchObject({ number: 3, of: 3, instruction: expect.stringContaining('seq 30') });
    expect(lines).toHaveLength(20);
    expect(lines.at(-1)).toBe('red');
  });

  test.each([
    ['a syntax error', 'FROM nstack/base:trixie\nFROBNICATE it', /FROBNICATE/i],
    ['an unknown target', 'FROM nstack/base:trixie', /nowhere/],
    ['no Dockerfile', undefined, /Dockerfile/],
  ])('with %s is refused', async (what, dockerfile, reason) => {
    const context = tarOf(dockerfile === undefined ? { 'other.txt': '' } : { Dockerfile: dockerfile });
    const build = engine.buildImage(context, {
      buildArgs: {},
      labels: {},
      network: 'none',
      onProgress: () => {},
      signal: patience(),
      ...(what === 'an unknown target' ? { target: 'nowhere' } : {}),
    });
    await expect(build).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(reason),
    });
  });

  test('that is interrupted is killed, and its container is gone', async () => {
    const marker = `marker${randomBytes(6).toString('hex')}`;
    const interruption = new AbortController();
    const build = buildFrom(engine, `FROM nstack/base:trixie\nRUN echo ${marker} && sleep 1000`, {
      signal: interruption.signal,
      onProgress: ({ text }) => {
        if (text === marker) interruption.abort();
      },
    });
    await expect(build).rejects.toMatchObject({ code: 'interrupted' });
    const builders = async () =>
      (await docker('ps', '-a', '--no-trunc', '--format', '{{.Command}}'))
        .split('\n')
        .filter((line) => line.includes(marker));
    await expect.poll(builders, { timeout: 30_000 }).toEqual([]);
  });

  test('without a network has none', async () => {
    const lines: string[] = [];
    await buildFrom(
      engine,
      `FROM nstack/base:trixie\nRUN echo ${randomBytes(6).toString('hex')}; tail -n +3 /proc/net/dev | cut -d: -f1`,
      {
        onProgress: ({ text }) => void lines.push(text.trim()),
      },
    );
    expect(lines).toContain('lo');
    expect(lines).not.toContain('eth0');
  });
});
