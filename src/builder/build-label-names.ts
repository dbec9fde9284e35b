/** Labels that the builder alone reads. */
export const buildLabels = {
  /** Digest of the author's part of the inputs. */
  source: 'io.nstack.source',
  /** Id of the image that the packages stand on. */
  base: 'io.nstack.base',
} as const;
