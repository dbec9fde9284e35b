import type { DeadLetterInfo, SupervisorClient } from '../client/index.ts';
import { findNumber } from './find-number.ts';
import type { Judge } from './judge.ts';
import type { Marker } from './marker.ts';
import type { VerifyReport } from './report.ts';

/** Takes the dead letters of a workflow out of what must arrive. */
export interface Excuser {
  /** Asks for those that came since the last time. */
  look(): Promise<void>;
  readonly letters: VerifyReport['deadLetters'];
}

/** Judges by the labels of the nodes before them: a letter excuses the message at the outputs that it could not reach. */
export interface ExcusedOutput {
  readonly before: ReadonlySet<string>;
  readonly judge: Judge;
}

const mostNamed = 20;

export function createExcuser(
  client: SupervisorClient,
  workflow: string,
  outputs: readonly ExcusedOutput[],
  marker: Marker,
): Excuser {
  const first: VerifyReport['deadLetters']['first'][number][] = [];
  let count = 0;
  let foreign = 0;
  let last = 0;

  function take(letter: DeadLetterInfo): void {
    const number = findNumber(messageOf(letter), undefined, marker);
    last = letter.id;
    if (number === undefined) {
      foreign++;
      return;
    }
    count++;
    const { stage, error } = letter;
    if (first.length < mostNamed) first.push({ number, stage, message: error.message });
    for (const { before, judge } of outputs) if (before.has(letter.stage)) judge.excuse(number);
  }

  return {
    async look() {
      for await (const letter of client.deadLetters.list(workflow, { after: last })) take(letter);
    },
    get letters() {
      return { count, foreign, first };
    },
  };
}

/** What a source rejected need not be JSON. */
function messageOf({ message }: DeadLetterInfo): unknown {
  const text = 'json' in message ? message.json : Buffer.from(message.base64, 'base64').toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
