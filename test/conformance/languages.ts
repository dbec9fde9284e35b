import type { LanguageAdapter } from './language-adapter.ts';
import { python } from './python.ts';

/** Every language of nstack; a new one is an adapter and the fixture services in its own code. */
export const languages: readonly LanguageAdapter[] = [python];
