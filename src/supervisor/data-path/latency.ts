/**
 * How long messages take from their source to their last end, over the last few seconds: a histogram of batches weighed by their messages, whose classes are
 * 5 % wide, from 10 microseconds to minutes.
 */
export interface LatencyMeter {
  record(milliseconds: number, messages: number): void;
  /** Milliseconds that this share of the messages (0 to 1) took at most; undefined where none ended lately. */
  quantile(share: number): number | undefined;
}

const smallest = 0.01;
const ratio = 1.05;
const classes = 360;
/** Milliseconds that a half of the window lasts. */
const halfWindow = 5_000;

export function createLatencyMeter(now: () => number = () => performance.now()): LatencyMeter {
  let current = new Float64Array(classes);
  let previous = new Float64Array(classes);
  let since = now();

  function turn(): void {
    const halves = Math.floor((now() - since) / halfWindow);
    if (halves === 0) return;
    previous = halves === 1 ? current : new Float64Array(classes);
    current = new Float64Array(classes);
    since += halves * halfWindow;
  }

  return {
    record(milliseconds, messages) {
      turn();
      const index = Math.ceil(Math.log(Math.max(milliseconds, smallest) / smallest) / Math.log(ratio));
      const at = Math.min(classes - 1, index);
      current[at] = (current[at] ?? 0) + messages;
    },
    quantile(share) {
      turn();
      let total = 0;
      for (let index = 0; index < classes; index++) total += (current[index] ?? 0) + (previous[index] ?? 0);
      if (total === 0) return undefined;
      let seen = 0;
      for (let index = 0; index < classes; index++) {
        seen += (current[index] ?? 0) + (previous[index] ?? 0);
        if (seen >= total * share) return smallest * ratio ** index;
      }
      return undefined;
    },
  };
}
