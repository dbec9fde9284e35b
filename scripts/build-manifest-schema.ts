/**
 * Writes what is derived from src/manifest/schema.ts: the schema for editors, and the checker as plain code. Loading ajv and compiling the
 * schema takes some 90 ms, which is more than half of what a build may take in all; the code takes 2.
 * Run by `npm run schema`; a test fails where the files are behind the schema.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { packageRoot } from '../src/core/index.ts';
import { manifestSchema } from '../src/manifest/schema.ts';

/** The derived files, by their path below the package. */
export function deriveFromSchema(): Readonly<Record<string, string>> {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    messages: false,
    // Lengths in UTF-16 code units: without this the code would load a helper of ajv's.
    unicode: false,
    logger: false,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addVocabulary(['errorMessage']);
  const validate = ajv.compile(manifestSchema);
  return {
    'schema/nstack.schema.json': `${JSON.stringify(manifestSchema, undefined, 2)}\n`,
    'src/manifest/shape-checker.js': `// Written by scripts/build-manifest-schema.ts from schema.ts.\n${standaloneCode.default(ajv, validate)}`,
  };
}

if (import.meta.main) {
  for (const [path, content] of Object.entries(deriveFromSchema())) {
    writeFileSync(join(packageRoot(), path), content);
  }
}
