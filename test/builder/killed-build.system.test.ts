import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { removeBuilders } from '../../src/builder/warm/remove-builders.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { listServices } from '../../src/registry/index.ts';
import type { ServiceFolder } from '../../src/stacks/index.ts';
import { javaFolder } from '../stacks/java/java-folder.ts';
import { serviceFolder } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import { containersOf } from '../support/nstack.ts';
import { buildersOf } from './support/builders-of.ts';
import {
  answerOf,
  build,
  codeOf,
  manifestOf,
  ownPackages,
  stagesLeft,
  temporaryName,
  unfinishedTags,
} from './support/built-service.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** Builds in another process and kills that one, without a word, when it says the line. */
async function buildKilledAt(folder: ServiceFolder, line: string | RegExp): Promise<void> {
  const script = new URL('support/build-child.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, folder.root], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const exit = once(child, 'exit');
  let said = false;
  for await (const text of createInterface(child.stdout)) {
    if (said || !(typeof line === 'string' ? text === line : line.test(text))) continue;
    said = true;
    child.kill('SIGKILL');
  }
  await exit;
  expect(said).toBe(true);
}

describe('a build that is killed', () => {
  it.each(['put the image together', 'prove the contract', 'instance'])(
    'at "%s" registers nothing, and the next one clears up and succeeds',
    async (line) => {
      const name = temporaryName(engine);
      const folder = await serviceFolder({
        'nstack.yaml': manifestOf(name),
        'service.py': codeOf('"whole"'),
      });
      await build(
        engine,
        await serviceFolder({ 'nstack.yaml': manifestOf(temporaryName(engine)), 'service.py': codeOf('""') }),
      );
      await buildKilledAt(folder, line);
      expect((await listServices(engine)).map((service) => service.name)).not.toContain(name);
      const { service, changed } = await build(engine, folder);
      expect(changed).toBe(true);
      expect(await answerOf(engine, service.image, folder)).toBe('whole');
      expect(await unfinishedTags(engine, name)).toEqual([]);
      expect(await engine.listImages(`io.nstack.name=${name}`)).toHaveLength(1);
      expect(await containersOf(name)).toEqual([]);
    },
  );

  it('while its warm builder compiles leaves that one alone, and the next build is whole', async () => {
    const name = temporaryName(engine);
    onTestFinished(async () => {
      await removeBuilders(engine, ({ service }) => service === name);
    });
    const folder = await javaFolder({
      'nstack.yaml': manifestOf(name).replace('python', 'java'),
      'Service.java':
        'public class Service {\n    public String answer() {\n        return "whole";\n    }\n}\n',
    });
    await buildKilledAt(folder, 'compile the code');
    const { service } = await build(engine, folder, { warm: true });
    expect(await answerOf(engine, service.image, folder)).toBe('whole');
    expect(await containersOf(name)).toEqual([]);
    expect((await buildersOf(name)).length).toBeLessThanOrEqual(1);
  });

  it('while packages are installed leaves no packages behind that are not whole', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(
        name,
        `commands: ["echo ${name}; : > /service/made; sleep 2; echo done > /service/made"]`,
      ),
      'service.py': codeOf('open("/service/made").read()'),
    });
    await ownPackages(engine, folder);
    await buildKilledAt(folder, new RegExp(`^: ${name}`));
    const { service } = await build(engine, folder);
    expect(await answerOf(engine, service.image, folder)).toBe('done\n');
    expect(await stagesLeft(engine)).toEqual([]);
  });
});
