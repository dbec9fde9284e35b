import { createHash } from 'node:crypto';
import { baseReference } from '../../../../src/builder/base/base-image.ts';
import { contextTar } from '../../../../src/builder/packages/build-context.ts';
import { readHostNetwork } from '../../../../src/builder/packages/host-network.ts';
import { removeUnlessUsed } from '../../../../src/builder/packages/leftovers.ts';
import type { ContainerEngine } from '../../../../src/engine/index.ts';
import { readTemplate } from '../../../../src/stacks/read-template.ts';
import { renderTemplate } from '../../../../src/stacks/render-template.ts';

const repository = 'nstack-test/haskell-hspec';
const label = 'io.nstack.test.haskell-hspec';
const shimStarts = '\nCOPY shim ';

/** What services are compiled with, as far as it does not depend on the shim's source, and what its tests need. Made once for the same needs. */
export async function hspecImage(engine: ContainerEngine): Promise<string> {
  const template = await readTemplate('haskell/Dockerfile.toolchain');
  const toolchain = renderTemplate(template.slice(0, template.indexOf(shimStarts) + 1), {
    base: baseReference,
    pins: [],
  });
  const dockerfile = `${toolchain}RUN apt-get update -q && \\
  apt-get install -y -q --no-install-recommends -- libghc-hspec-dev libghc-quickcheck2-dev && \\
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*
`;
  const base = await engine.inspectImage(baseReference);
  const digest = createHash('sha256').update(JSON.stringify([base?.id, dockerfile]));
  const reference = `${repository}:${digest.digest('hex').slice(0, 32)}`;
  if ((await engine.inspectImage(reference)) !== undefined) return reference;

  for (const { tags } of await engine.listImages(label)) {
    for (const tag of tags) await removeUnlessUsed(engine, tag);
  }
  const { proxies } = await readHostNetwork();
  const output: string[] = [];
  try {
    await engine.buildImage(contextTar({ dockerfile, files: [] }), {
      tag: reference,
      buildArgs: { ...proxies, NSTACK_REFRESH: '' },
      labels: { [label]: '' },
      network: 'host',
      onProgress: ({ text }) => void output.push(text),
      signal: AbortSignal.timeout(280_000),
    });
  } catch (cause) {
    throw new Error(`the image for hspec cannot be built:\n${output.slice(-60).join('\n')}`, { cause });
  }
  return reference;
}
