import type { ConnectionDescription, ConnectionsFile } from '../../connectors/connections/index.ts';
import { NstackError } from '../../core/index.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';
import { connectionsOption } from '../options.ts';

export const connections: CliCommand = {
  usage: 'connections [action] [names...]',
  summary: 'list the connections to brokers and other systems, or test them',
  options: [connectionsOption, { flags: '--json', description: 'print them as JSON' }],
  examples: [
    'nstack connections',
    'nstack connections list --connections=staging.yaml --json',
    'nstack connections test',
    'nstack connections test kafka orders',
  ],
  async run(context, [action = 'list', ...names], options) {
    if (action === 'test') return await test(context, names, options);
    if (action === 'list' && names.length === 0) return await list(context, options);
    throw new NstackError('usage', `nstack connections does not know ${[action, ...names].join(' ')}`, {
      hint: 'It is `nstack connections list` or `nstack connections test [NAME...]`.',
    });
  },
};

async function list(context: CliContext, options: CliOptions): Promise<number> {
  const { connectionWords } = await import('../../connectors/connections/index.ts');
  const { file, connections } = await load(context, options);
  const rows = connections.map(connectionWords);
  if (options.json === true) {
    context.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else if (rows.length === 0) {
    context.stderr.write(`no connections in ${file}; docs/connections.md shows how they are written\n`);
  } else {
    const { table } = await import('../table.ts');
    const cells = rows.map(({ name, system, settings, place }) => [
      name,
      system,
      place,
      settingsLine(settings),
    ]);
    context.stdout.write(table(['NAME', 'SYSTEM', 'WHERE', 'SETTINGS'], cells));
  }
  return 0;
}

/** `brokers=localhost:9092 sasl.username=app sasl.password=(env KAFKA_PASSWORD)` */
function settingsLine(settings: Readonly<Record<string, unknown>>, prefix = ''): string {
  return Object.entries(settings)
    .map(([name, value]) => {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        return settingsLine(value as Record<string, unknown>, `${prefix}${name}.`);
      const text = Array.isArray(value) ? value.map(String).join(',') : String(value);
      return `${prefix}${name}=${/\s/.test(text) ? `(${text})` : text}`;
    })
    .join(' ');
}

interface Outcome {
  readonly name: string;
  readonly system: string;
  readonly ok: boolean;
  readonly message: string;
  readonly hint?: string;
  readonly milliseconds: number;
  readonly exitCode: number;
}

async function test(context: CliContext, names: readonly string[], options: CliOptions): Promise<number> {
  const file = await load(context, options);
  const chosen = await choose(file, names);
  if (chosen.length === 0)
    context.stderr.write(`no connections in ${file.file}; docs/connections.md shows how they are written\n`);
  // All at once, and told in the order of the file as soon as each is known.
  const running = chosen.map((connection) => tryOut(connection, context.signal));
  const width = Math.max(0, ...chosen.map(({ name }) => name.length));
  const outcomes: Outcome[] = [];
  for (const each of running) {
    const outcome = await each;
    outcomes.push(outcome);
    if (options.json === true) continue;
    const { name, ok, message, hint, milliseconds } = outcome;
    context.stdout.write(`${name.padEnd(width)}  ${ok ? 'ok' : 'failed'}  ${message} (${milliseconds} ms)\n`);
    if (hint !== undefined) context.stdout.write(`${hint.replaceAll(/^/gm, ' '.repeat(width + 2))}\n`);
  }
  if (options.json === true) {
    const rows = outcomes.map(({ exitCode: _, ...row }) => row);
    context.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  }
  // A mistake does not heal by another try: it counts before a network that may come back.
  const codes = new Set(outcomes.map(({ exitCode }) => exitCode));
  return [130, 70, 1, 2, 75].find((code) => codes.has(code)) ?? 0;
}

async function tryOut(connection: ConnectionDescription, signal: AbortSignal): Promise<Outcome> {
  const { testConnection } = await import('../../connectors/connections/index.ts');
  const { name, system } = connection;
  const began = performance.now();
  const rest = () => ({ name, system, milliseconds: Math.round(performance.now() - began) });
  try {
    const message = await testConnection(connection, signal);
    return { ...rest(), ok: true, message, exitCode: 0 };
  } catch (error) {
    const known = error instanceof NstackError ? error : undefined;
    const message = error instanceof Error ? error.message : String(error);
    const details = known?.diagnostics.map((diagnostic) => diagnostic.message) ?? [];
    const hint = [...details, ...(known?.hint === undefined ? [] : [known.hint])].join('\n');
    return {
      ...rest(),
      ok: false,
      message,
      ...(hint === '' ? {} : { hint }),
      exitCode: known?.exitCode ?? 70,
    };
  }
}

async function load(context: CliContext, options: CliOptions): Promise<ConnectionsFile> {
  const { loadConnectionsFile } = await import('../load-connections-file.ts');
  return await loadConnectionsFile(context, options.connections);
}

async function choose(
  { file, connections }: ConnectionsFile,
  names: readonly string[],
): Promise<readonly ConnectionDescription[]> {
  if (names.length === 0) return connections;
  const { findConnection } = await import('../../connectors/connections/index.ts');
  return names.map((name) => {
    const found = findConnection(name, connections);
    if (found !== undefined) return found;
    const known = connections.map((connection) => connection.name).join(', ');
    throw new NstackError('connection-invalid', `there is no connection ${JSON.stringify(name)} in ${file}`, {
      hint: known === '' ? 'It has none.' : `It has ${known}.`,
    });
  });
}
