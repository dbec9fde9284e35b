import type { CliCommand, CliOptions } from '../command.ts';

export const gc: CliCommand = {
  usage: 'gc',
  summary: 'remove what nstack has made here and nothing needs any more',
  options: [
    { flags: '--dry-run', description: 'tell what would be removed, and remove nothing' },
    {
      flags: '--keep-days <days>',
      description: 'keep packages and compilers that a build used within so many days',
      default: '14',
    },
    { flags: '--json', description: 'print what was removed as JSON' },
  ],
  examples: ['nstack gc --dry-run', 'nstack gc --keep-days=0', 'nstack gc --json'],
  async run({ env, signal, stdout, stderr }, _args, options) {
    const keepDays = await daysOf(options);
    const [{ connectEngine }, { collectGarbage, shownBytes }, { table }] = await Promise.all([
      import('../../engine/index.ts'),
      import('../../builder/index.ts'),
      import('../table.ts'),
    ]);
    const dryRun = options.dryRun === true;
    const engine = await connectEngine({ signal });
    const removed = await collectGarbage(engine, { keepDays, dryRun, signal, env });
    const bytes = removed.reduce((sum, one) => sum + one.bytes, 0);
    if (options.json === true) {
      stdout.write(`${JSON.stringify({ dryRun, bytes, removed }, undefined, 2)}\n`);
      return 0;
    }
    if (removed.length > 0) {
      const rows = removed.map((one) => [one.kind, one.what, shownBytes(one.bytes), one.why]);
      stdout.write(table(['KIND', 'WHAT', 'SIZE', 'WHY'], rows));
    }
    const found = removed.length === 0 ? 'nothing to remove' : `${shownBytes(bytes)} freed`;
    stderr.write(dryRun && removed.length > 0 ? `${shownBytes(bytes)} would be freed\n` : `${found}\n`);
    return 0;
  },
};

async function daysOf({ keepDays }: CliOptions): Promise<number> {
  if (typeof keepDays === 'string' && /^\d{1,5}$/.test(keepDays)) return Number(keepDays);
  const { NstackError } = await import('../../core/index.ts');
  throw new NstackError('usage', `--keep-days takes a whole number of days, not ${JSON.stringify(keepDays)}`);
}
