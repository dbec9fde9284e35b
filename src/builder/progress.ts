/** What a long operation is at. Steps do not overlap; `detail` belongs to the step that began last. */
export type BuildProgress =
  | { readonly kind: 'begin'; readonly step: string }
  | { readonly kind: 'detail'; readonly text: string }
  | { readonly kind: 'end'; readonly step: string; readonly seconds: number; readonly remark?: string };

export interface StepTime {
  readonly step: string;
  readonly seconds: number;
}

export type ProgressListener = (event: BuildProgress) => void;

/** Runs one step: announces it, times it, and answers what it answers. A step that fails has no end. */
export async function runStep<T>(
  step: string,
  { onProgress, times }: { readonly onProgress: ProgressListener; readonly times?: StepTime[] },
  work: (detail: (text: string) => void) => Promise<T>,
): Promise<T> {
  const since = performance.now();
  onProgress({ kind: 'begin', step });
  const result = await work((text) => onProgress({ kind: 'detail', text }));
  const seconds = (performance.now() - since) / 1000;
  times?.push({ step, seconds });
  onProgress({ kind: 'end', step, seconds });
  return result;
}
