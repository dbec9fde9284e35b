import { nearestWord } from '../../core/index.ts';
import { show } from '../../manifest/index.ts';
import type { Connector } from '../connector.ts';
import type { Reading } from './reading.ts';

/** The system that a connection is to: the one that it says, else the one whose name it bears. */
export function systemOf(
  name: string,
  system: unknown,
  { connectors, reporter }: Reading,
): Connector | undefined {
  const path = ['connections', name];
  const known = connectors.filter(({ connection }) => connection !== undefined);
  const names = known.map((connector) => connector.name);
  const systems =
    names.length === 0 ? 'no system here has connections' : `the systems are ${names.join(', ')}`;
  const own = called(name, connectors);
  if (system === undefined) {
    if (own?.connection !== undefined) return own;
    const hint = nearestWord(name, names);
    reporter.report(path, 'missing-key', `the connection ${name} does not say which system it is to`, {
      hint: `add a line such as "system: ${hint ?? names[0] ?? 'kafka'}"; ${systems}`,
      at: 'key',
    });
    return undefined;
  }
  const found = typeof system === 'string' ? called(system, connectors) : undefined;
  if (found?.connection === undefined) {
    const nearest = typeof system === 'string' ? nearestWord(system, names) : undefined;
    const message =
      found === undefined ? `there is no system ${show(system)}` : `${found.name} takes no connection`;
    reporter.report([...path, 'system'], 'unknown-system', message, {
      hint: nearest === undefined ? systems : `did you mean "${nearest}"?`,
    });
    return undefined;
  }
  if (own !== undefined && own !== found) {
    reporter.report(
      path,
      'wrong-key',
      `the connection ${name} is to ${found.name}, yet ${name} means ${own.name} in a workflow`,
      { hint: 'give it another name', at: 'key' },
    );
    return undefined;
  }
  return found;
}

function called(name: string, connectors: readonly Connector[]): Connector | undefined {
  const wanted = name.toLowerCase();
  return connectors.find((connector) =>
    [connector.name, ...connector.aliases].some((known) => known.toLowerCase() === wanted),
  );
}
