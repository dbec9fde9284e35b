import type { CliCommand } from '../command.ts';
import { build } from './build.ts';
import { call } from './call.ts';
import { check } from './check.ts';
import { connections } from './connections.ts';
import { info } from './info.ts';
import { init } from './init.ts';
import { list } from './list.ts';
import { plan } from './plan.ts';
import { push } from './push.ts';
import { run } from './run.ts';

/** Every command, in the order of `nstack --help`. */
export const commands: readonly CliCommand[] = [
  init,
  check,
  build,
  push,
  list,
  info,
  run,
  plan,
  call,
  connections,
];

/** What the first words of commands that have two stand for: `supervisor start`. */
export const groups: Readonly<Record<string, string>> = {
  supervisor: 'start, stop and look after the process that runs workflows',
  'dead-letters': 'look at messages that were given up on, and send them again',
};
