/** Something that changes the supervisor or a workflow. */
export type Action =
  | { readonly kind: 'start' | 'pause' | 'resume'; readonly name: string }
  | { readonly kind: 'stop'; readonly name: string; readonly now: boolean }
  /** `ids` undefined: all. */
  | { readonly kind: 'replay' | 'drop'; readonly name: string; readonly ids: readonly number[] | undefined }
  | { readonly kind: 'start-supervisor' };
