import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { manifestWith, writeFiles } from '../stacks/support/service-folder.ts';
import { testEngine } from '../support/engine.ts';
import { containersOf, nstack, start } from '../support/nstack.ts';
import { startRegistry } from '../support/registry.ts';
import { codeOf, manifestOf, temporaryName } from './support/built-service.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

describe('the commands of a service author', () => {
  it('begin a service, build it, call it and push it', async () => {
    const name = temporaryName(engine);
    const cwd = await temporaryFolder();
    const begun = await nstack(['init', name], { cwd });
    expect(begun).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining(`nstack build ${name}`),
    });

    const built = await nstack(['build', name], { cwd });
    expect(built).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('done prove the contract'),
    });
    const again = await nstack(['build', '--json'], { cwd: join(cwd, name) });
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toMatchObject({
      name,
      changed: false,
      image: `nstack/${name.toLowerCase()}:0.0.1-SNAPSHOT`,
    });

    const called = await nstack(['call', `${name}.greet`, '"you"'], { cwd });
    expect(called).toMatchObject({ code: 0, stdout: '"Hello, you!"\n' });

    const registry = await startRegistry({ passwords: false });
    const pushed = await nstack(['push', name, '--json'], {
      cwd,
      env: { NSTACK_REGISTRY: `${registry}/team` },
    });
    expect(pushed.code).toBe(0);
    expect(JSON.parse(pushed.stdout)).toMatchObject({
      pushed: true,
      reference: `${registry}/team/${name.toLowerCase()}:0.0.1-SNAPSHOT`,
    });
  });

  it('end with 1 and the way out where the author is wrong', async () => {
    const cwd = await temporaryFolder();
    expect(await nstack(['build'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nstack init'),
    });
    expect(await nstack(['init', 'a b'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--name'),
    });
    expect(await nstack(['init', 'x', '--stack=pyton'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean "python"?'),
    });
    expect(await nstack(['init', 'x'], { cwd })).toMatchObject({ code: 0 });
    expect(await nstack(['init', 'x'], { cwd })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is there already'),
    });
    expect(await nstack(['push', 'x'], { cwd, env: { NSTACK_REGISTRY: '' } })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('--registry'),
    });
  });

  it('show a package that is unknown with its line, before anything is installed', async () => {
    const cwd = await temporaryFolder();
    await writeFiles(cwd, {
      ...manifestWith('packages: [libsvn]'),
      'service.py': 'def greet(name: str) -> str:\n    return name\n',
    });
    const built = await nstack(['build'], { cwd });
    expect(built.code).toBe(1);
    expect(built.stderr).toMatch(/nstack\.yaml:5:12/);
    expect(built.stderr).toContain('packages: [libsvn]');
    expect(built.stderr).toContain('pip:libsvn');
  });

  it('end with 2 where code and declaration differ, before anything is built', async () => {
    const name = temporaryName(engine);
    const cwd = await temporaryFolder();
    await writeFiles(cwd, {
      'nstack.yaml': manifestOf(name),
      'service.py': 'def answer() -> int:\n    return 1\n',
    });
    const built = await nstack(['build'], { cwd });
    expect(built.code).toBe(2);
    expect(built.stderr).toMatch(/nstack\.yaml:4[\s\S]*service\.py:1/);
    expect(await engine.listImages(`io.nstack.name=${name}`)).toEqual([]);
  });

  it('end with 130 on Ctrl-C, and leave nothing', async () => {
    const name = temporaryName(engine);
    const cwd = await temporaryFolder();
    await writeFiles(cwd, {
      'nstack.yaml': manifestOf(name),
      'service.py': codeOf('""', 'import time', 'time.sleep(600)'),
    });
    const running = start(['build'], { cwd });
    await running.said('done put the image together');
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
    expect(await engine.listImages(`io.nstack.name=${name}`)).toEqual([]);
    expect(await containersOf(name)).toEqual([]);
  });

  it('know a folder by what is in it, wherever it is moved', async () => {
    const name = temporaryName(engine);
    const cwd = await temporaryFolder();
    await nstack(['init', name], { cwd });
    await nstack(['build', name], { cwd });
    await rename(join(cwd, name), join(cwd, 'moved'));
    const built = await nstack(['build', 'moved', '--json'], { cwd });
    expect(JSON.parse(built.stdout)).toMatchObject({ name, changed: false });
  });
});
