/** Milliseconds between two lines. */
const pace = 100;

/** Says how many bytes have been moved, not oftener than a terminal can show. */
export function showBytes(show: (text: string) => void): (done: number, total: number) => void {
  let last = -pace;
  return (done, total) => {
    const now = performance.now();
    if (now - last < pace && done < total) return;
    last = now;
    show(`${bytesText(done)} of ${bytesText(total)}`);
  };
}

/** `12.3 MB`, `640 kB`, `12 bytes`. */
export function bytesText(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} bytes`;
}
