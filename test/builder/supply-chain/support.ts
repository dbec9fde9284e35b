import { createHash } from 'node:crypto';
import { type ImageFacts, imageFacts } from '../../../src/builder/supply-chain/image-facts.ts';
import type { InstalledPackages } from '../../../src/stacks/index.ts';

const hash = (digit: string) => `sha256:${digit.repeat(64)}`;

const packages: InstalledPackages = {
  apt: [
    { name: 'libc6', version: '2.41-12+deb13u1', hashes: [] },
    { name: 'libsvm3', version: '1:3.24+ds-6.1', hashes: [] },
  ],
  pip: [{ name: 'typing_extensions', version: '4.15.0', hashes: [hash('a'), hash('b')] }],
  maven: [{ name: 'org.slf4j:slf4j-api', version: '2.0.17', hashes: [hash('c')] }],
  hackage: [{ name: 'split', version: '0.2.5', hashes: [hash('d')] }],
};

/** An image with a package of every system. */
export function sampleFacts(labels: Readonly<Record<string, string>> = {}): ImageFacts {
  return imageFacts({
    imageId: `sha256:${createHash('sha256').update(JSON.stringify(labels)).digest('hex')}`,
    architecture: 'amd64',
    created: '2026-01-02T03:04:05Z',
    labels: {
      'io.nstack.name': 'acme/Clean',
      'io.nstack.version': '1.2.0',
      'io.nstack.stack': 'haskell',
      'io.nstack.base': hash('e'),
      'io.nstack.inputs': hash('f'),
      'io.nstack.manifest': JSON.stringify({
        name: 'acme/Clean',
        version: '1.2.0',
        packages: ['libsvm'],
      }),
      'io.nstack.packages': JSON.stringify(packages),
      'io.nstack.built-with': JSON.stringify({ apt: [{ name: 'ghc', version: '9.10.1-1', hashes: [] }] }),
      'io.nstack.layers': JSON.stringify([{ name: 'shim', key: 'k', diffId: hash('9'), size: 1 }]),
      ...labels,
    },
  });
}

export const sampleBase = {
  distro: 'debian-13',
  packages: [
    { name: 'base-files', version: '13.8', architecture: 'amd64' },
    { name: 'libc6', version: '2.41-12', architecture: 'amd64' },
    { name: 'tzdata', version: '2026a-1', architecture: 'all' },
  ],
};
