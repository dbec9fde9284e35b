import { describe, expect, it } from 'vitest';
import { layerStages } from '../../../src/builder/packages/layer-stages.ts';
import { stageParts } from '../../../src/builder/packages/stage-parts.ts';

function partsOf(dockerfile: string) {
  const [stage] = layerStages({ dockerfile, files: [] });
  if (stage === undefined) throw new Error('no stage');
  return Object.fromEntries(stageParts(stage));
}

describe('the parts of a stage', () => {
  it('have their steps in order, with the words of commands as they are', () => {
    const { commands } = partsOf(
      [
        'FROM language AS commands',
        'ARG NSTACK_STAGE DEBIAN_FRONTEND=noninteractive A=b=c',
        'LABEL io.nstack.stage=$NSTACK_STAGE',
        'WORKDIR /service',
        'COPY files /service',
        'RUN ["/bin/sh", "-c", "\\',
        '  one; \\',
        '  two", \\',
        '  "command", "echo \\"a b\\" > \'c\'"]',
        '',
      ].join('\n'),
    );
    expect(commands).toEqual({
      from: 'language',
      variables: new Map([
        ['NSTACK_STAGE', undefined],
        ['DEBIAN_FRONTEND', 'noninteractive'],
        ['A', 'b=c'],
      ]),
      workdir: '/service',
      steps: [
        { kind: 'copy', source: 'files', target: '/service' },
        { kind: 'run', command: ['/bin/sh', '-c', '  one;   two', 'command', 'echo "a b" > \'c\''] },
      ],
      taken: undefined,
    });
  });

  it('say which folder of another one is all that a stage has', () => {
    const parts = partsOf(
      'FROM shared-pip AS pip\nCOPY pip /nstack-pip\nRUN ["pip"]\nFROM os AS language\nCOPY --from=pip /out /\n',
    );
    expect(parts.language).toMatchObject({ taken: { stage: 'pip', folder: '/out' }, steps: [] });
    expect(parts.pip).toMatchObject({ from: 'shared-pip', workdir: '/', taken: undefined });
  });

  it.each([
    'ENV A=b',
    'COPY --from=pip /out /opt',
    'COPY --chown=1 a /b',
    'RUN pip install',
    'USER nobody',
    'RUN ["a"]\nCOPY --from=pip /out /',
  ])('are nothing that the templates do not have: %s', (instruction) => {
    expect(() => partsOf(`FROM os AS language\n${instruction}\n`)).toThrow();
  });
});
