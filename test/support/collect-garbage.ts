import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** What is not held any more is gone after this, whenever the collector would have come by itself. */
export const collectGarbage: () => void = runInNewContext('gc');
