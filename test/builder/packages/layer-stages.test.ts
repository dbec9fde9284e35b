import { describe, expect, it } from 'vitest';
import { layerStages, stagesContext, usesShared } from '../../../src/builder/packages/layer-stages.ts';

const dockerfile = `# A comment.
FROM nstack/base:trixie AS runtime
USER root
RUN ["/bin/sh", "-euc", "\\
  apt-get install", \\
  "python3"]

FROM runtime AS os
# Comes with another layer.

FROM os AS pip
COPY pip /nstack-pip
RUN ["pip"]

FROM os AS language
COPY --from=pip /out /
FROM language AS commands
COPY apt /.nstack/apt
`;
const files = ['pip/install.sh', 'pipes/x', 'apt/apt.conf'].map((path) => ({
  path,
  content: Buffer.from(path),
  mode: 0o644,
}));
const stages = layerStages({ dockerfile, files });

describe('the stages of a Dockerfile', () => {
  it('are the layers by name, each with the stages that help to make it and the files that those copy', () => {
    expect(stages.map(({ name, empty }) => [name, empty])).toEqual([
      ['runtime', false],
      ['os', true],
      ['language', false],
      ['commands', true],
    ]);
    expect(stages.map((stage) => stage.files.map(({ path }) => path))).toEqual([
      [],
      [],
      ['pip/install.sh'],
      ['apt/apt.conf'],
    ]);
    expect(stages[2]?.dockerfile.split('\n')[0]).toBe('FROM os AS pip');
  });

  it('are the same whatever comments say', () => {
    const bare = dockerfile.replaceAll(/^#.*\n|^\n/gm, '');
    expect(layerStages({ dockerfile: bare, files })).toEqual(stages);
  });

  it('stand on an image that has those before them', () => {
    const context = stagesContext(stages.slice(2), 'nstack/layers:below');
    expect(context.dockerfile.split('\n').filter((line) => /^FROM/.test(line))).toEqual([
      'FROM nstack/layers:below AS pip',
      'FROM nstack/layers:below AS language',
      'FROM language AS commands',
    ]);
    expect(context.files.map(({ path }) => path)).toEqual(['pip/install.sh', 'apt/apt.conf']);
  });

  it('stand on the layer before one that was left out, since it adds nothing', () => {
    const { dockerfile } = stagesContext(
      stages.filter(({ empty }) => !empty),
      'nstack/layers:below',
    );
    expect(dockerfile.split('\n').filter((line) => line.startsWith('FROM'))).toEqual([
      'FROM nstack/layers:below AS runtime',
      'FROM runtime AS pip',
      'FROM runtime AS language',
    ]);
  });

  it('take tools from the images that are given for them', () => {
    const [os, language] = layerStages({
      dockerfile:
        'FROM base AS os\nRUN ["apt"]\nFROM shared-pip AS pip\nRUN ["pip"]\nFROM os AS language\nCOPY --from=shared-tool /bin /bin\n',
      files: [],
    });
    expect([os, language].map((stage) => stage && usesShared(stage))).toEqual([false, true]);
    expect(language && usesShared(language, 'shared-tool')).toBe(true);
    expect(language && usesShared(language, 'shared')).toBe(false);
    const shared = new Map([
      ['shared-pip', 'nstack/layers:pip'],
      ['shared-tool', 'nstack/layers:tool'],
    ]);
    const { dockerfile } = stagesContext(
      language === undefined ? [] : [language],
      'nstack/layers:os',
      shared,
    );
    expect(dockerfile.split('\n').filter((line) => /^(?:FROM|COPY)/.test(line))).toEqual([
      'FROM nstack/layers:pip AS pip',
      'FROM nstack/layers:os AS language',
      'COPY --from=nstack/layers:tool /bin /bin',
    ]);
    const [tools] = layerStages({ dockerfile: 'FROM base AS shared-pip\nRUN ["apt"]\n', files: [] });
    expect(tools?.name).toBe('shared');
  });
});
