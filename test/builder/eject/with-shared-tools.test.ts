import { describe, expect, it } from 'vitest';
import { withSharedTools } from '../../../src/builder/eject/with-shared-tools.ts';
import type { SharedTools } from '../../../src/stacks/index.ts';

const file = (path: string) => ({ path, content: Buffer.from(path), mode: 0o644 });
const pip: SharedTools = {
  layer: 'os',
  render: ({ base }) => ({
    dockerfile: `# What it is.\nFROM ${base} AS shared-pip\nRUN ["apt", "pip"]\n`,
    files: [file('pip/install.sh'), file('pip/own')],
  }),
};

describe('the tools that stages use', () => {
  it('are stages before the first that does, on the layer that they stand on', () => {
    const dockerfile =
      'FROM below AS os\nFROM shared-pip AS pip\nRUN ["pip"]\nFROM os AS language\nCOPY --from=pip /out /\n';
    const whole = withSharedTools({ dockerfile, files: [file('pip/install.sh')] }, { pip }, 'below');
    expect(whole.dockerfile.split('\n').filter((line) => line.startsWith('FROM'))).toEqual([
      'FROM below AS os',
      'FROM os AS shared-pip',
      'FROM shared-pip AS pip',
      'FROM os AS language',
    ]);
    expect(whole.files.map(({ path }) => path)).toEqual(['pip/install.sh', 'pip/own']);
  });

  it('stand on what is below where the layer is no stage, and are left out where none uses them', () => {
    const compiler = { dockerfile: 'FROM below AS compiler\nCOPY --from=shared-pip /x /x\n', files: [] };
    expect(withSharedTools(compiler, { pip }, 'below').dockerfile).toBe(
      'FROM below AS shared-pip\nRUN ["apt", "pip"]\nFROM below AS compiler\nCOPY --from=shared-pip /x /x\n',
    );
    const plain = { dockerfile: 'FROM below AS os\n', files: [] };
    expect(withSharedTools(plain, { pip }, 'below')).toEqual(plain);
  });
});
