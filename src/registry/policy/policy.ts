import type { Place } from '../../core/index.ts';
import type { PublicKey } from '../signatures/public-key.ts';

/** Who must have signed what runs on this machine. */
export interface Policy {
  /** Path as the user would type it. */
  readonly file: string;
  readonly rules: readonly PolicyRule[];
}

/** Every rule that fits a service's name must be kept; it is where one of its keys has signed the image. */
export interface PolicyRule {
  /** Names of services; `*` stands for any letters, `/` too. */
  readonly services: readonly string[];
  readonly keys: readonly PublicKey[];
  readonly place: Place;
  readonly sourceLine: string;
}

/** Whether a rule is about the service. Names ignore case, as images do. */
export function ruleFits({ services }: PolicyRule, name: string): boolean {
  return services.some((glob) => {
    const parts = glob.split('*').map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
    return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
  });
}
