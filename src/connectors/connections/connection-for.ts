import { nearestWord } from '../../core/index.ts';
import type { ConnectionDescription } from './connections-file.ts';

/** A connection's name and system: all that the workflow language needs to know of one. */
export type NamedConnection = Pick<ConnectionDescription, 'name' | 'system'>;

/** The connection of that name; case is ignored. */
export function findConnection<T extends NamedConnection>(
  name: string,
  connections: readonly T[],
): T | undefined {
  const wanted = name.toLowerCase();
  return connections.find((connection) => connection.name.toLowerCase() === wanted);
}

/** Which connection a connector of a workflow uses; `connection` is undefined where none is configured for it. */
export type ConnectionChoice =
  | { readonly connection: string | undefined }
  | { readonly message: string; readonly hint: string };

/**
 * The connection of an end of a workflow that is written `written/...` and belongs to the system `system` (a connector's canonical name): the one that its parameter
 * `connection` names, else the one of the name written, else the one of the system's own name. A message where the parameter names none, or one of another system.
 */
export function connectionFor(
  written: string,
  explicit: string | undefined,
  system: string,
  connections: readonly NamedConnection[],
): ConnectionChoice {
  if (explicit === undefined) {
    const found = findConnection(written, connections) ?? findConnection(system, connections);
    return { connection: found?.system === system ? found.name : undefined };
  }
  const found = findConnection(explicit, connections);
  const fitting = connections.filter((connection) => connection.system === system).map(({ name }) => name);
  const known = fitting.length === 0 ? 'there are none yet' : `there are ${fitting.join(', ')}`;
  if (found === undefined) {
    const nearest = nearestWord(explicit, fitting);
    return {
      message: `there is no connection ${JSON.stringify(explicit)}`,
      hint: nearest === undefined ? `connections to ${system}: ${known}` : `did you mean "${nearest}"?`,
    };
  }
  if (found.system !== system) {
    return {
      message: `the connection ${found.name} is to ${found.system}, not to ${system}`,
      hint: `connections to ${system}: ${known}`,
    };
  }
  return { connection: found.name };
}
