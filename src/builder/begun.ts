/** Work that goes on beside other work, and is waited for later: its failure is told there, also where that other work fails first. */
export function begun<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {});
  return work;
}
