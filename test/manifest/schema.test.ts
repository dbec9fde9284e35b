import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { deriveFromSchema } from '../../scripts/build-manifest-schema.ts';
import { packageRoot } from '../../src/core/index.ts';
import { limitDefaults, manifestSchema } from '../../src/manifest/schema.ts';

test.each(Object.entries(deriveFromSchema()))(
  '%s is what the schema says (else: npm run schema)',
  (path, content) => {
    expect(readFileSync(join(packageRoot(), path), 'utf8')).toBe(content);
  },
);

test('the published schema is a JSON Schema that takes the manifest of the documentation', () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  ajv.addVocabulary(['errorMessage']);
  const published: object = JSON.parse(
    readFileSync(join(packageRoot(), 'schema/nstack.schema.json'), 'utf8'),
  );
  const validate = ajv.compile(published);
  expect(
    validate({
      name: 'ClickAnalytics',
      stack: 'python',
      api: 'analyse: (Text) -> (Text)',
      packages: ['libsvm'],
    }),
  ).toBe(true);
  expect(validate({ name: 'ClickAnalytics', stack: 'python', api: 'a', pakages: [] })).toBe(false);
});

test('every key has a description for editors', () => {
  const undescribed = Object.entries(manifestSchema.properties ?? {}).filter(
    ([, node]) => node.description === undefined,
  );
  expect(undescribed).toEqual([]);
});

test('the limits that the schema names have defaults, and the other way round', () => {
  expect(Object.keys(manifestSchema.properties?.limits?.properties ?? {})).toEqual(
    Object.keys(limitDefaults),
  );
});
