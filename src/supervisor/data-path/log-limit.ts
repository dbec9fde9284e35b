/**
 * Lets a burst of lines through and then so many a second, so that a service that prints for every message cannot drown the others or fill
 * a terminal. `pass` answers false for a line to leave out; the next line let through says how many were.
 */
export interface LogLimit {
  pass(): boolean;
  /** Lines left out since the last call. */
  leftOut(): number;
}

export function createLogLimit(linesASecond: number, now: () => number = () => performance.now()): LogLimit {
  let tokens = linesASecond;
  let since = now();
  let dropped = 0;
  return {
    pass() {
      const at = now();
      tokens = Math.min(linesASecond, tokens + ((at - since) / 1000) * linesASecond);
      since = at;
      if (tokens < 1) {
        dropped++;
        return false;
      }
      tokens--;
      return true;
    },
    leftOut() {
      const count = dropped;
      dropped = 0;
      return count;
    },
  };
}
