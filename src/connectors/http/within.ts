/** What a promise resolves with, or `late` after so many milliseconds. */
export function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | 'late'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds, 'late');
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
