import { describe, expect, it } from 'vitest';
import { jsonForm, newlineArgument, quotedValue } from '../../../src/builder/eject/instruction.ts';
import { placeStages } from '../../../src/builder/eject/place-stages.ts';

describe('a Dockerfile as stages of another', () => {
  it('has names and files of its own, and none of what nstack tells its builder', () => {
    const dockerfile = [
      '# nstack fills in the words in braces',
      'FROM nstack-below AS system',
      'ARG NSTACK_REFRESH DEBIAN_FRONTEND=noninteractive',
      'RUN ["apt-get", "\\',
      '  update"]',
      'FROM system AS pip',
      'ARG NSTACK_STAGE SOURCE_DATE_EPOCH=1',
      'LABEL io.nstack.stage=$NSTACK_STAGE',
      'COPY pip /nstack-pip',
      'FROM system',
      'COPY --from=pip /out /usr',
      'COPY files /service',
      '',
    ].join('\n');
    const placed = placeStages(dockerfile, {
      name: 'packages',
      below: 'base',
      folder: 'packages',
      withCertificates: new Set(['pip']),
    });
    expect(placed.split('\n')).toEqual([
      'FROM base AS packages-system',
      'ARG DEBIAN_FRONTEND=noninteractive',
      'RUN ["apt-get", "\\',
      '  update"]',
      'FROM packages-system AS packages-pip',
      'ARG SOURCE_DATE_EPOCH=1',
      'COPY packages/pip /nstack-pip',
      'COPY certificates.pem /nstack-pip/certificates.pem',
      'FROM packages-system AS packages',
      'COPY --from=packages-pip /out /usr',
      'COPY packages/files /service',
    ]);
  });
});

describe('words in a Dockerfile', () => {
  it.each([
    ['plain', '"plain"'],
    ['a "b" \\ $HOME', '"a \\"b\\" \\\\ \\$HOME"'],
    ['a\nRUN evil', `"a\${${newlineArgument}}RUN evil"`],
    ['', '""'],
  ])('%j is %s as a value', (text, quoted) => {
    expect(quotedValue(text)).toBe(quoted);
  });

  it('are one line in the form that no shell sees', () => {
    expect(jsonForm(['sh', '-c', 'echo "a"\nb'])).toBe('["sh", "-c", "echo \\"a\\"\\nb"]');
  });
});
