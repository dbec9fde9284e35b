import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { NstackError, packageRoot } from '../../core/index.ts';
import { parseDuration } from '../../manifest/quantity.ts';
import type { Expectation, VerifyProgress, VerifyRequest } from '../../verify/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { connectForStart } from '../connect-for-start.ts';
import { connectionsOption, wholeNumber } from '../options.ts';
import { endOptions, readWorkflowText, toldWhereTyped } from '../workflow-text.ts';

export const verify: CliCommand = {
  usage: 'verify <workflow>',
  summary:
    'put numbered messages and faults into a workflow, and count what is lost, duplicated or reordered',
  options: [
    ...endOptions,
    { flags: '--messages <count>', description: 'messages that are put in', default: '10000' },
    {
      flags: '--rate <count>',
      description: 'messages a second that are put in (default: as fast as they are taken)',
    },
    { flags: '--sequence <field>', description: 'field of the input that gets the number of the message' },
    {
      flags: '--template <message>',
      description:
        'the message that is put in, a text or JSON, with {n} for its number and {lane} for its lane',
    },
    {
      flags: '--output <field>',
      description: 'field of the output that has the number (default: it is searched)',
    },
    {
      flags: '--key <field>',
      description: 'field of the input that gets the lane; order is judged per lane',
    },
    {
      flags: '--lanes <count>',
      description: 'lanes that messages are spread over (default: 8 with --key, else 1)',
    },
    {
      flags: '--fault <kind...>',
      description:
        'service, freeze, data-path, supervisor, disk or cut; may be repeated (default: service and data-path)',
    },
    {
      flags: '--command-fault <name=command...>',
      description: 'a fault of your own, as an array of arguments: broker=["docker","kill","kafka"]',
    },
    { flags: '--command-heal <name=command...>', description: 'what undoes it' },
    { flags: '--disk <folder>', description: 'folder on a small disk that the fault disk fills' },
    { flags: '--kills <count>', description: 'faults that are injected in all; 0: none', default: '10' },
    {
      flags: '--every <duration>',
      description: 'how soon after one fault the next may come before messages do',
      default: '2s',
    },
    {
      flags: '--seed <number>',
      description: 'makes the choice of faults and messages repeatable',
      default: '1',
    },
    {
      flags: '--grace <duration>',
      description: 'how long nothing may come out before what is missing is lost',
      default: '60s',
    },
    {
      flags: '--expect <promise...>',
      description:
        'exactly-once, order or clean: fail where it is broken; that nothing is lost is always expected',
    },
    connectionsOption,
    { flags: '--report <file>', description: 'write the report as JSON into a file too' },
    { flags: '--json', description: 'print the report as JSON' },
  ],
  examples: [
    "nstack verify 'kafka/audit-in -> ClickCleaning -> kafka/audit-out' --template='{n} /cart 1200'",
    'nstack verify orders.nstack --sequence=order.id --key=customer --fault=service --fault=supervisor --kills=50',
    `nstack verify orders.nstack --command-fault='broker=["docker","kill","kafka"]' --command-heal='broker=["docker","start","kafka"]'`,
  ],
  async run(context, [workflow = ''], options) {
    const typed = await readWorkflowText(context, workflow, options);
    const request = { ...requestOf(context, options), text: typed.text, file: typed.file };
    const { renderReport, verifyWorkflow } = await import('../../verify/index.ts');
    (await connectForStart(context, options)).close();
    const quiet = options.json === true;
    const { stderr, interactive } = context;
    // A line that is redrawn gives way to the others.
    const erase = interactive ? '\r\u001b[2K' : '';
    const report = await toldWhereTyped(typed, () =>
      verifyWorkflow(request, {
        env: context.env,
        packageRoot: packageRoot(),
        signal: context.signal,
        log: (line) => !quiet && stderr.write(`${erase}${line}\n`),
        onProgress: quiet ? () => {} : progressLine(context, request),
      }),
    );
    if (!quiet) stderr.write(erase);
    if (typeof options.report === 'string')
      await writeFile(resolve(context.cwd, options.report), `${JSON.stringify(report, undefined, 2)}\n`);
    context.stdout.write(quiet ? `${JSON.stringify(report)}\n` : renderReport(report));
    return report.verdict === 'passed' ? 0 : 2;
  },
};

function requestOf(context: CliContext, options: CliOptions): Omit<VerifyRequest, 'text' | 'file'> {
  const text = (name: string) => (typeof options[name] === 'string' ? { [name]: options[name] } : {});
  const rate = wholeNumber(options, 'rate');
  const commands = commandsOf(options);
  const kinds = listOf(options.fault);
  return {
    folder: context.cwd,
    messages: wholeNumber(options, 'messages') ?? 1,
    ...(rate === undefined ? {} : { rate }),
    ...text('template'),
    ...text('sequence'),
    ...text('output'),
    ...text('key'),
    lanes: wholeNumber(options, 'lanes') ?? (options.key === undefined ? 1 : 8),
    faults: {
      kinds: kinds.length === 0 && commands.length === 0 ? ['service', 'data-path'] : kinds,
      commands,
      ...(typeof options.disk === 'string' ? { diskFolder: resolve(context.cwd, options.disk) } : {}),
    },
    kills: options.kills === '0' ? 0 : (wholeNumber(options, 'kills') ?? 0),
    every: durationOf(options, 'every'),
    grace: durationOf(options, 'grace'),
    seed: options.seed === '0' ? 0 : (wholeNumber(options, 'seed') ?? 1),
    expected: listOf(options.expect).map(expectationOf),
  };
}

function commandsOf(options: CliOptions): VerifyRequest['faults']['commands'] {
  const heals = new Map(listOf(options.commandHeal).map((text) => namedCommand('command-heal', text)));
  const commands = listOf(options.commandFault).map((text) => {
    const [name, inject] = namedCommand('command-fault', text);
    const heal = heals.get(name);
    heals.delete(name);
    return { name, inject, ...(heal === undefined ? {} : { heal }) };
  });
  const [stray] = heals.keys();
  if (stray === undefined) return commands;
  throw new NstackError('usage', `--command-heal=${stray}=... undoes no --command-fault of that name`);
}

/** `broker=["docker","kill","kafka"]` */
function namedCommand(flag: string, text: string): readonly [string, readonly string[]] {
  const [, name, json] = /^([\w-]+)=(.+)$/s.exec(text) ?? [];
  try {
    const command: unknown = JSON.parse(json ?? '');
    if (
      name !== undefined &&
      Array.isArray(command) &&
      command.length > 0 &&
      command.every((word) => typeof word === 'string')
    )
      return [name, command];
  } catch {}
  throw new NstackError(
    'usage',
    `--${flag} takes NAME=["program","argument",...], not ${JSON.stringify(text)}`,
    {
      hint: `Quote it for your shell: --${flag}='broker=["docker","kill","kafka"]'.`,
    },
  );
}

function durationOf(options: CliOptions, name: string): number {
  const value = options[name];
  const milliseconds = typeof value === 'string' ? parseDuration(value) : undefined;
  if (milliseconds !== undefined) return milliseconds;
  throw new NstackError('usage', `--${name} takes a duration such as 2s, not ${JSON.stringify(value)}`);
}

function expectationOf(word: string): Expectation {
  if (word === 'exactly-once' || word === 'order' || word === 'clean') return word;
  throw new NstackError('usage', `--expect takes exactly-once, order or clean, not ${JSON.stringify(word)}`);
}

function listOf(value: CliOptions[string]): readonly string[] {
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
}

/** One line that is redrawn on a terminal, and one every ten seconds elsewhere. */
function progressLine(
  { stderr, interactive }: CliContext,
  { messages }: { readonly messages: number },
): (progress: VerifyProgress) => void {
  let last = performance.now();
  return ({ sent, arrived, injected }) => {
    const now = performance.now();
    if (now - last < (interactive ? 200 : 10_000)) return;
    last = now;
    const line = `${sent} of ${messages} in, ${arrived} out, ${injected} faults`;
    stderr.write(interactive ? `\r\u001b[2K${line}` : `${line}\n`);
  };
}
