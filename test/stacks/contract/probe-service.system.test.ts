import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildService } from '../../../src/builder/index.ts';
import { NstackError } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { imageReference } from '../../../src/registry/index.ts';
import { probeService } from '../../../src/stacks/index.ts';
import { testEngine } from '../../support/engine.ts';
import { containersOf } from '../../support/nstack.ts';
import { mismatches } from './mismatches.ts';
import { writeService } from './service-folder.ts';

const name = 'ContractProbeTest';
const reference = imageReference(name, '0.0.1-SNAPSHOT');
let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.removeImage(reference));

/** Builds the service without the static check, so that the probe meets what a real image does. */
async function build(
  code: string,
  manifest: string,
  signal = AbortSignal.timeout(120_000),
): Promise<unknown> {
  await using folder = await writeService({
    'nstack.yaml': `name: ${name}\nstack: python\n${manifest}\n`,
    'service.py': code,
  });
  try {
    await buildService(engine, folder, {
      signal,
      onProgress: () => {},
      probe: async (engine, image, folder, signal) => {
        await probeService(engine, image, folder, { signal });
      },
    });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    expect(await containersOf(name)).toEqual([]);
  }
}

describe('the probe of a real image', () => {
  it('passes the service of the seed', async () => {
    const code =
      'import nstack\nclass ClickAnalytics(nstack.BaseService):\n  def analyse(messages) :\n    return messages\n';
    expect(await build(code, 'api: |\n  analyse: (Text) -> (Text)')).toBeUndefined();
  });

  it('finds what only the running code knows, with the author’s own places', async () => {
    const code = 'Word = eval("int")\ndef score(user: Word) -> float:\n    return 1.0\n';
    const failure = await build(code, 'api: |\n  score: Text -> Double');
    expect(failure).toBeInstanceOf(NstackError);
    expect(failure).toMatchObject({
      code: 'contract-broken',
      message: `the code of ${name} does not keep its declared API in one place`,
      diagnostics: [
        {
          code: 'parameter-type',
          message:
            'score: declared "Text -> Double" at nstack.yaml:4:3, but service.py:2 takes Integer for user, where Text is declared',
          place: { file: 'nstack.yaml', line: 4 },
          related: {
            place: { file: 'service.py', line: 2, column: 5 },
            sourceLine: 'def score(user: Word) -> float:',
          },
        },
      ],
    });
  });

  it('finds a function that the running code does not have', async () => {
    const code = 'def analyze(text: str) -> str:\n    return text\n';
    expect(await build(code, 'api: |\n  analyse: Text -> Text')).toMatchObject({
      code: 'contract-broken',
      diagnostics: [{ code: 'missing-function', hint: 'did you mean "analyze" (service.py:1)?' }],
    });
  });

  it('finds every mismatch of a large API in one start', async () => {
    const chosen = mismatches.filter(
      ({ finding, probe, api }) => probe !== null && finding !== 'missing-function' && !api.includes('type '),
    );
    const renamed = chosen.map(({ api, code }, n) => {
      const [fn = ''] = api.split(':');
      const classes = [...code.matchAll(/^class (\w+)/gm)].map(([, word = '']) => word);
      const own = classes.reduce(
        (text, word) => text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), `${word}${n}`),
        code,
      );
      return { api: api.replace(fn, `${fn}${n}`), code: own.replace(`def ${fn}(`, `def ${fn}${n}(`) };
    });
    const imports =
      'from dataclasses import dataclass\nfrom typing import Any, NamedTuple, Optional, TypedDict\nimport nstack\n';
    const failure = await build(
      imports + renamed.map(({ code }) => `${code}\n`).join('\n'),
      `api: |\n${renamed.map(({ api }) => `  ${api}\n`).join('')}`,
    );
    expect(failure).toMatchObject({ code: 'contract-broken' });
    const found = failure instanceof NstackError ? failure.diagnostics.map(({ code }) => code) : [];
    expect(found).toEqual(chosen.map(({ finding }) => finding));
    expect(new Set(found).size).toBeGreaterThanOrEqual(12);
  });
});

describe('a service that does not come up', () => {
  it('is shown by its own stack trace, with the author’s paths, and the way out', async () => {
    const failure = await build('print("loading")\nimport numpyy\n', 'api: |\n  f: Text -> Text');
    expect(failure).toMatchObject({
      code: 'service-failed',
      message: `${name} did not start: ModuleNotFoundError: No module named 'numpyy'`,
    });
    const hint = failure instanceof NstackError ? failure.hint : '';
    expect(hint).toContain('File "service.py", line 2, in <module>');
    expect(hint).toContain('It printed:\n  loading');
    expect(hint).toContain('pip:numpyy');
    expect(hint).not.toContain('/service/');
  });

  it('is shown by what startup() raised', async () => {
    const code = 'def startup():\n    raise RuntimeError("no model")\ndef f(x: str) -> str:\n    return x\n';
    const failure = await build(code, 'api: |\n  f: Text -> Text');
    expect(failure).toMatchObject({
      code: 'service-failed',
      message: `${name} did not start: RuntimeError: no model`,
    });
  });

  it('gets a plain value for a parameter that has no default', async () => {
    const code =
      'import nstack\ndef startup():\n    assert nstack.parameters["limit"] + 1\ndef f(x: str) -> str:\n    return x\n';
    expect(
      await build(code, 'api: |\n  f: Text -> Text\nconfig: { limit: { type: Integer } }'),
    ).toBeUndefined();
  });

  it('says with which code it ended where it could say nothing itself', async () => {
    const code = 'import os\nprint("giving up", flush=True)\nos._exit(7)\n';
    const failure = await build(code, 'api: |\n  f: Text -> Text');
    expect(failure).toMatchObject({
      code: 'service-failed',
      message: `${name} did not start: it ended with exit code 7`,
      hint: 'It printed:\n  giving up',
    });
  });

  it('says that memory ran out, and how much there was', async () => {
    const code = 'filled = bytearray(512 * 1024 * 1024)\nfilled[::4096] = b"x" * len(filled[::4096])\n';
    const failure = await build(code, 'api: |\n  f: Text -> Text\nlimits: { memory: 64 MiB }');
    expect(failure).toMatchObject({
      code: 'service-failed',
      message: `${name} did not start: it ran out of memory (limits.memory is 64 MiB)`,
    });
  });

  it('is given up after limits.startTimeout', async () => {
    const code = 'import time\ntime.sleep(600)\n';
    const failure = await build(code, 'api: |\n  f: Text -> Text\nlimits: { startTimeout: 1500 ms }');
    expect(failure).toMatchObject({
      code: 'service-failed',
      message: `${name} did not start: it did not answer within 1500 ms (limits.startTimeout)`,
    });
  });

  it('is left at once when the work is interrupted', async () => {
    const abort = new AbortController();
    const reason = new NstackError('interrupted', 'interrupted by SIGINT');
    await using folder = await writeService({
      'nstack.yaml': `name: ${name}\nstack: python\napi: |\n  f: Text -> Text\n`,
      'service.py': 'import time\nprint("here", flush=True)\ntime.sleep(600)\n',
    });
    const building = buildService(engine, folder, {
      signal: abort.signal,
      onProgress: () => {},
      probe: async (engine, image, folder, signal) => {
        const probing = probeService(engine, image, folder, { signal });
        abort.abort(reason);
        await probing;
      },
    });
    await expect(building).rejects.toBe(reason);
    expect(await containersOf(name)).toEqual([]);
  });
});
