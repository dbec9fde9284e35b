import { isAssignable, printType, type Type } from '../types/index.ts';

/** What a message says where `from` does not do for `to`: both types, and where inside them they part. */
export interface Misfit {
  readonly from: string;
  readonly to: string;
  /** A clause to put behind, such as `: $.delay is missing`; empty where the two types say it all. */
  readonly why: string;
}

export function misfit(from: Type, to: Type): Misfit | undefined {
  const mismatch = isAssignable(from, to);
  if (mismatch === undefined) return undefined;
  const isDeep = mismatch.path !== '$';
  const isPlain = !isDeep && mismatch.from?.kind !== 'optional';
  const why = isPlain ? '' : `: ${isDeep ? `at ${mismatch.path}, ` : ''}${mismatch.reason}`;
  // Two services may give the same name to different types.
  const sameName = printType(from) === printType(to);
  return { from: shown(from, sameName), to: shown(to, sameName), why };
}

function shown(type: Type, expand: boolean): string {
  const text = expand && type.kind === 'named' ? `${type.name} = ${printType(type.target)}` : printType(type);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
