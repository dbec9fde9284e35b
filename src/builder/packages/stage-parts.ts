import { posix } from 'node:path';
import type { LayerStage } from './layer-stages.ts';

/** What is done in a stage, in order: files of the context are copied below a folder, or a command runs. */
export type StageStep =
  | { readonly kind: 'copy'; readonly source: string; readonly target: string }
  | { readonly kind: 'run'; readonly command: readonly string[] };

/** One `FROM` of a Dockerfile, as far as nstack's own templates go. */
export interface StagePart {
  /** The stage, or the image, that it stands on. */
  readonly from: string;
  /** Variables of its commands, with their values where they have one of their own; undefined: they are the machine's to give. */
  readonly variables: ReadonlyMap<string, string | undefined>;
  /** Where its commands run. */
  readonly workdir: string;
  readonly steps: readonly StageStep[];
  /** The folder of another stage whose content is all that it adds. */
  readonly taken: { readonly stage: string; readonly folder: string } | undefined;
}

/** The parts of a stage by their names, its own the last. */
export function stageParts({ dockerfile }: LayerStage): ReadonlyMap<string, StagePart> {
  const texts = dockerfile.split(/^(?=FROM )/m);
  return new Map(texts.map((text) => partOf(text.replaceAll('\\\n', '').trimEnd().split('\n'))));
}

function partOf([first = '', ...instructions]: readonly string[]): readonly [string, StagePart] {
  const [, from = '', name = ''] = /^FROM (\S+) AS (\S+)$/.exec(first) ?? [];
  const variables = new Map<string, string | undefined>();
  const steps: StageStep[] = [];
  let workdir = '/';
  let taken: StagePart['taken'];
  for (const instruction of instructions) {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/s.exec(instruction) ?? [];
    const [one = '', other = '', folder = ''] = rest.split(' ');
    if (word === 'RUN') steps.push({ kind: 'run', command: JSON.parse(rest) });
    else if (word === 'COPY' && one.startsWith('--from=') && folder === '/' && taken === undefined)
      taken = { stage: one.slice('--from='.length), folder: other };
    else if (word === 'COPY' && !one.startsWith('--'))
      steps.push({ kind: 'copy', source: posix.normalize(one), target: other });
    else if (word === 'ARG')
      for (const [key, value] of rest.split(' ').map(variable)) variables.set(key, value);
    else if (word === 'WORKDIR') workdir = rest;
    else if (word !== 'LABEL' && instruction !== 'USER root')
      throw new Error(`nstack has no such instruction in its stages: ${instruction}`);
  }
  if (name === '' || (taken !== undefined && steps.length > 0))
    throw new Error(`nstack has no such stage: ${first}`);
  return [name, { from, variables, workdir, steps, taken }];
}

function variable(text: string): readonly [string, string | undefined] {
  const [name = '', ...value] = text.split('=');
  return [name, value.length === 0 ? undefined : value.join('=')];
}
