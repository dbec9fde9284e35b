// Puts the verdicts of the conformance suite's last run into docs/languages.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { readVerdicts, withMatrix } from '../test/conformance/matrix.ts';

const file = 'docs/languages.md';
writeFileSync(file, withMatrix(readFileSync(file, 'utf8'), readVerdicts()));
