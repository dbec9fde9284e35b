/** Something that nothing needs any more, found and not yet removed. */
export interface Garbage {
  readonly kind: GarbageKind;
  /** A reference, an id or a path. */
  readonly what: string;
  /** Bytes that go with it, as far as that can be told: layers that others share stay. */
  readonly bytes: number;
  /** Why nothing needs it, as a clause. */
  readonly why: string;
  /** False: something began to use it, or another process was faster. */
  remove(): Promise<boolean>;
}

/** `packages`: packages or a toolchain alone. `unfinished`: a build that was killed. `stage`: a step of one. `replaced`: an image that another one took the name of. `cache`: a file. */
export type GarbageKind = 'packages' | 'unfinished' | 'stage' | 'replaced' | 'builder' | 'cache';
