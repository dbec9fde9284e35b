/**
 * Says so when a broker takes messages and confirms none of them for long. That it answers is seen to by heartbeats, and one that is low on memory says so itself; what is
 * left is a queue that cannot store at the moment, such as a quorum queue without a majority, for which waiting is right: sending again would only put the messages there twice.
 */
export interface ConfirmWatch {
  /** The broker has confirmed something. */
  confirmed(): void;
  close(): void;
}

export interface ConfirmWatchOptions {
  /** Messages that wait for the broker's word. */
  readonly unconfirmed: () => number;
  readonly log: (line: string) => void;
  /** `rabbitMQ/orders` */
  readonly shown: string;
}

const period = 30_000;

export function createConfirmWatch({ unconfirmed, log, shown }: ConfirmWatchOptions): ConfirmWatch {
  /** Periods without a word while messages waited all the time. */
  let silent = -1;

  const timer = setInterval(() => {
    silent = unconfirmed() === 0 ? -1 : silent + 1;
    // After 30 s, 1 minute, 2, 4, 8, ...
    if (silent > 0 && (silent & (silent - 1)) === 0) {
      const waiting = unconfirmed();
      const messages = waiting === 1 ? '1 message waits' : `${waiting} messages wait`;
      log(
        `${shown}: the broker has confirmed nothing for ${(silent * period) / 1000} s; ${messages} for its word`,
      );
    }
  }, period);
  timer.unref();
  return {
    confirmed() {
      silent = -1;
    },
    close: () => clearInterval(timer),
  };
}
