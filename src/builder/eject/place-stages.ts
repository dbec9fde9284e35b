export interface Placement {
  /** What its stages are called from now on: `packages` for the last, `packages-NAME` for the others. */
  readonly name: string;
  /** The stage that stands in the place of the image below. */
  readonly below: string;
  /** The folder of the new context that holds the files of the old one. */
  readonly folder: string;
  /** Folders of the old context beside whose files certificates.pem is expected. */
  readonly withCertificates: ReadonlySet<string>;
}

/** What a builder of nstack's alone is told. */
const ours = /^(?:LABEL io\.nstack\.stage=.*|# Another value of the first installs anew .*)$/;
const ourArgument = /^ARG NSTACK_(?:STAGE|REFRESH) /;

/**
 * The Dockerfile of one image as stages of a larger one. It is one that a template of nstack's was rendered to: instructions begin at the beginning of a line, and an
 * author's words stand in JSON alone, which holds no line break.
 */
export function placeStages(
  dockerfile: string,
  { name, below, folder, withCertificates }: Placement,
): string {
  const lines = dockerfile.split('\n');
  const stages = new Set(lines.flatMap((line) => /^FROM \S+ AS (\S+)$/.exec(line)?.[1] ?? []));
  const last = lines.findLastIndex((line) => line.startsWith('FROM '));
  const start = lines.findIndex((line) => line.startsWith('FROM '));
  const placed: string[] = [];
  // What a template says of itself is for those who work on nstack.
  for (const [at, line] of lines.entries()) {
    if (at < start) continue;
    const [instruction = '', first = '', ...rest] = line.split(' ');
    if (ours.test(line)) continue;
    if (instruction === 'FROM') {
      const from = stages.has(first) ? `${name}-${first}` : below;
      placed.push(`FROM ${from} AS ${at === last ? name : `${name}-${rest[1]}`}`);
    } else if (instruction === 'COPY' && first.startsWith('--from=')) {
      placed.push(['COPY', first.replace('=', `=${name}-`), ...rest].join(' '));
    } else if (instruction === 'COPY') {
      placed.push(['COPY', `${folder}/${first}`, ...rest].join(' '));
      if (withCertificates.has(first)) placed.push(`COPY certificates.pem ${rest[0]}/certificates.pem`);
    } else placed.push(line.replace(ourArgument, 'ARG '));
  }
  return placed.join('\n').trim();
}
