import type { SupervisorClient } from '../../client/index.ts';

type Completion = [readonly string[], string];

/** Completes the last word with commands, and with names of workflows that the supervisor knows. */
export function completer(
  client: Pick<SupervisorClient, 'list'>,
  words: readonly string[],
): (line: string) => Promise<[string[], string]> {
  return async (line) => {
    const last = /\S*$/.exec(line)?.[0] ?? '';
    const isFirst = line.trimStart() === last;
    const names = await client.list().then(
      (workflows) => workflows.map(({ name }) => name),
      () => [],
    );
    const [found, part]: Completion = [
      (isFirst ? [...words, ...names] : names).filter((word) => word.startsWith(last)),
      last,
    ];
    return [[...found], part];
  };
}
