import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStatus } from '../../../src/builder/supply-chain/base-packages.ts';
import { billOfMaterials } from '../../../src/builder/supply-chain/bill-of-materials.ts';
import { root } from '../../support/nstack.ts';
import { sampleBase, sampleFacts } from './support.ts';

/** The official JSON Schema of CycloneDX 1.6. */
async function compileSchema() {
  const folder = join(root, 'node_modules/@cyclonedx/cyclonedx-library/res/schema');
  const schema = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const ajv = new Ajv({ strict: false, validateFormats: true, addUsedSchema: false });
  addFormats.default(ajv);
  ajv.addFormat('idn-email', /@/);
  ajv.addFormat('iri-reference', true);
  ajv.addSchema(
    await schema('spdx.SNAPSHOT.schema.json'),
    'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json',
  );
  ajv.addSchema(
    await schema('jsf-0.82.SNAPSHOT.schema.json'),
    'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json',
  );
  return ajv.compile(await schema('bom-1.6.SNAPSHOT.schema.json'));
}

let check: Awaited<ReturnType<typeof compileSchema>>;
beforeAll(async () => {
  check = await compileSchema();
});

describe('a bill of materials', () => {
  it('keeps to the schema of CycloneDX 1.6', () => {
    check(JSON.parse(billOfMaterials(sampleFacts(), sampleBase)));
    expect(check.errors ?? []).toEqual([]);
    expect(check({ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: 'x' })).toBe(false);
  });

  it('is this one', () => {
    const bill = JSON.parse(billOfMaterials(sampleFacts(), sampleBase));
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      serialNumber: expect.stringMatching(
        /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      metadata: {
        timestamp: '2026-01-02T03:04:05.000Z',
        component: { type: 'container', name: 'acme/Clean', version: '1.2.0' },
      },
      formulation: [{ components: [{ purl: 'pkg:deb/debian/ghc@9.10.1-1?arch=amd64&distro=debian-13' }] }],
    });
    expect(bill.components.map((one: { purl?: string; name: string }) => one.purl ?? one.name)).toEqual([
      'nstack-shim-haskell',
      'pkg:deb/debian/base-files@13.8?arch=amd64&distro=debian-13',
      'pkg:deb/debian/libc6@2.41-12%2Bdeb13u1?arch=amd64&distro=debian-13',
      'pkg:deb/debian/libsvm3@1:3.24%2Bds-6.1?arch=amd64&distro=debian-13',
      'pkg:deb/debian/tzdata@2026a-1?arch=all&distro=debian-13',
      'pkg:hackage/split@0.2.5',
      'pkg:maven/org.slf4j/slf4j-api@2.0.17',
      'pkg:pypi/typing-extensions@4.15.0',
    ]);
    expect(bill.components.at(-1).hashes.map(({ alg }: { alg: string }) => alg)).toEqual([
      'SHA-256',
      'SHA-256',
    ]);
    expect(bill.dependencies[0].dependsOn).toHaveLength(8);
  });

  it('is the same for the same image, and another for another', () => {
    const bill = () => billOfMaterials(sampleFacts(), sampleBase);
    expect(bill()).toBe(bill());
    const other = billOfMaterials(sampleFacts({ 'io.nstack.version': '1.2.1' }), sampleBase);
    expect(JSON.parse(other).serialNumber).not.toBe(JSON.parse(bill()).serialNumber);
  });

  it('can be made of an image that tells nothing of its packages', () => {
    const facts = sampleFacts({
      'io.nstack.packages': '{}',
      'io.nstack.built-with': '{}',
      'io.nstack.layers': '[]',
    });
    expect(check(JSON.parse(billOfMaterials(facts, sampleBase)))).toBe(true);
  });
});

describe("dpkg's status", () => {
  it('is read with the release in front, without what is not installed', () => {
    const text = [
      'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"',
      'VERSION_ID="13"',
      'Package: zlib1g',
      'Status: install ok installed',
      'Architecture: amd64',
      'Version: 1:1.3.dfsg+really1.3.1-1+b1',
      'Description: compression library - runtime',
      ' Package: none',
      '',
      'Package: gone',
      'Status: deinstall ok config-files',
      'Architecture: amd64',
      'Version: 1.0',
      '',
      'Package: adduser',
      'Status: install ok installed',
      'Architecture: all',
      'Version: 3.152',
    ].join('\n');
    expect(parseStatus(text)).toEqual({
      distro: 'debian-13',
      packages: [
        { name: 'adduser', version: '3.152', architecture: 'all' },
        { name: 'zlib1g', version: '1:1.3.dfsg+really1.3.1-1+b1', architecture: 'amd64' },
      ],
    });
  });
});
