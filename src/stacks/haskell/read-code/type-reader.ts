import type { CodeType } from '../../stack.ts';
import type { OwnModules } from './own-modules.ts';
import type { WrittenType } from './written-type.ts';

/** Reads types of the author's modules. */
export interface TypeReader {
  read(written: WrittenType): CodeType;
  readonly own: OwnModules;
}

/** As the shim says it (templates/haskell/src/NStack/Serve.hs). */
export const polymorphic = 'it is polymorphic: give it a plain type';

/** A type under the name that the author wrote for it. */
export function named(type: CodeType, text: string): CodeType {
  return type.kind === 'unstated' ? type : { ...type, text };
}
