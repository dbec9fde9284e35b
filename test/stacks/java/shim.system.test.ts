import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { layerTar } from '../../../src/builder/image/layer.ts';
import { packageRoot } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { templateFiles } from '../../../src/stacks/template-files.ts';
import { testEngine } from '../../support/engine.ts';
import { mavenImage } from './support/maven-image.ts';

const shim = join(packageRoot(), 'templates/java');
const service = join(packageRoot(), 'test/fixtures/java-unit-tests');
let engine: ContainerEngine;
let image: string;
beforeAll(async () => {
  engine = await testEngine();
  image = await mavenImage(engine, service);
});

/** Runs both projects in order, and gives what Surefire says of each. */
async function testProjects(): Promise<readonly string[]> {
  const lines: string[] = [];
  const isSource = (path: string) => path === 'pom.xml' || path.startsWith('src/');
  const files = await Promise.all([
    templateFiles(shim, '/build/shim', isSource),
    templateFiles(service, '/build/service', isSource),
  ]);
  const task = {
    image,
    purpose: 'test the Java shim',
    command: ['sh', '-euc', 'mvn -o -f shim/pom.xml install; echo "----"; mvn -o -f service/pom.xml test'],
    env: { LC_ALL: 'C.UTF-8' },
    workdir: '/build',
    files: layerTar(files.flat(), { uid: 65532, gid: 65532 }),
    outcome: '/build',
    access: { memory: 2 * 1024 ** 3, pids: 512 },
    onLine: (line: string) => void lines.push(line),
  };
  const { code } = await engine.runTask(
    task,
    (outcome) => Promise.resolve(outcome),
    AbortSignal.timeout(120_000),
  );
  const output = lines.join('\n');
  expect(code, output).toBe(0);
  return output.split('\n----\n');
}

/** How many tests Maven ran, as its last line about them says. */
function count(output: string | undefined): number {
  return Number(
    output
      ?.match(/^\[INFO\] Tests run: (\d+), Failures: 0, Errors: 0/gm)
      ?.at(-1)
      ?.split(/\D+/)[1],
  );
}

describe('the Java shim', () => {
  it("passes its own unit tests, and is a library for a service's", async () => {
    const [own, authors] = await testProjects();
    expect(count(own)).toBeGreaterThan(50);
    expect(count(authors)).toBe(2);
  });
});
