import { createHash } from 'node:crypto';
import { hexOf } from '../../core/index.ts';
import type { DebianPackages } from './base-packages.ts';
import { eachPackage, type ImageFacts } from './image-facts.ts';
import { type Distribution, packageUrl } from './package-url.ts';

/** Media type of the document, and what the referrers API finds it by. */
export const billType = 'application/vnd.cyclonedx+json';

/** One thing that an image is made of. */
interface Component {
  readonly type: 'library' | 'container' | 'application';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string;
  readonly group?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: 'SHA-256'; readonly content: string }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The software bill of materials of a service's image, CycloneDX 1.6 in JSON: the service, Debian's packages of the base, those of every system beyond it, nstack's
 * shim, and under `formulation` what it was compiled with. Equal images have equal documents: its number is made of the image's id, its time is the image's.
 */
export function billOfMaterials(facts: ImageFacts, base: DebianPackages): string {
  const from: Distribution = { distro: base.distro, architecture: facts.architecture };
  const main = mainComponent(facts);
  const own = componentsOf(facts.packages, from);
  const known = new Set(own.map(({ name, purl }) => (purl?.startsWith('pkg:deb/') ? name : '')));
  // A package of the base that the service has in another version is that other version.
  const below = base.packages
    .filter(({ name }) => !known.has(name))
    .map(({ name, version, architecture }) =>
      component(name, version, packageUrl('apt', { name, version }, { ...from, architecture }), 'base'),
    );
  const components = unique([...below, ...own, ...shimOf(facts)]);
  const compiledWith = unique(componentsOf(facts.builtWith, from));
  return JSON.stringify({
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(facts.imageId)}`,
    version: 1,
    metadata: {
      timestamp: facts.created,
      tools: { components: [{ type: 'application', name: 'nstack' }] },
      component: main,
    },
    components,
    dependencies: [
      { ref: main['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) },
      ...components.map((one) => ({ ref: one['bom-ref'] })),
    ],
    ...(compiledWith.length === 0 ? {} : { formulation: [{ 'bom-ref': 'build', components: compiledWith }] }),
  });
}

function mainComponent({ name, version, imageId, stack }: ImageFacts): Component {
  return {
    type: 'container',
    'bom-ref': imageId,
    name,
    version,
    hashes: hashes([imageId]),
    properties: [{ name: 'io.nstack.stack', value: stack }],
  };
}

function componentsOf(packages: ImageFacts['packages'], from: Distribution): readonly Component[] {
  return eachPackage(packages, (system, one) => {
    const made = component(one.name, one.version, packageUrl(system, one, from), system);
    const [group, artifact] = system === 'maven' ? one.name.split(':') : [];
    return {
      ...made,
      ...(group === undefined || artifact === undefined ? {} : { group, name: artifact }),
      ...(one.hashes.length === 0 ? {} : { hashes: hashes(one.hashes) }),
    };
  });
}

function component(name: string, version: string, purl: string, origin: string): Component {
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    properties: [{ name: 'io.nstack.from', value: origin }],
  };
}

/** The part of nstack's that serves the code. */
function shimOf({ stack, shim }: ImageFacts): readonly Component[] {
  if (shim === undefined) return [];
  const name = `nstack-shim-${stack}`;
  const layer = { type: 'library', 'bom-ref': `${name}@${shim}`, name, hashes: hashes([shim]) } as const;
  return [{ ...layer, properties: [{ name: 'io.nstack.from', value: 'nstack' }] }];
}

function hashes(digests: readonly string[]): NonNullable<Component['hashes']> {
  return digests
    .filter((digest) => digest.startsWith('sha256:'))
    .map((digest) => ({ alg: 'SHA-256', content: hexOf(digest) }));
}

/** Each thing once, in the order of what names it. */
function unique(components: readonly Component[]): readonly Component[] {
  const found = new Map(components.map((one) => [one['bom-ref'], one]));
  return [...found.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1));
}

/** A UUID of the kind that is left to whoever makes it (version 8, RFC 9562), from a digest. */
function uuidOf(digest: string): string {
  const bytes = createHash('sha256').update(digest).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
