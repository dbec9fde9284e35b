import type { CliCommand } from '../command.ts';
import { build } from './build.ts';
import { call } from './call.ts';
import { check } from './check.ts';
import { info } from './info.ts';
import { init } from './init.ts';
import { list } from './list.ts';
import { push } from './push.ts';
import { run } from './run.ts';

/** Every command, in the order of `nstack --help`. */
export const commands: readonly CliCommand[] = [init, check, build, push, list, info, run, call];
