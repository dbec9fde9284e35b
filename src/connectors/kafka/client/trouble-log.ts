import { failureKind, messageOf } from './kafka-failure.ts';

/** Says once that the cluster is away and once that it is back, and nothing for each try between. */
export interface TroubleLog {
  failed(error: unknown): void;
  worked(): void;
}

/** A try that fails and works at the second go is not worth a line. */
const quietTries = 2;

export function createTroubleLog(what: string, say: (line: string) => void): TroubleLog {
  let tries = 0;
  return {
    failed(error) {
      tries++;
      if (tries !== quietTries) return;
      const lost =
        failureKind(error) === 'connection' ? 'no broker answers, trying again' : 'waiting for the cluster';
      say(`${what}: ${lost}: ${messageOf(error)}`);
    },
    worked() {
      if (tries >= quietTries) say(`${what}: the cluster answers again`);
      tries = 0;
    },
  };
}
