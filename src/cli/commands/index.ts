import { reported } from '../ci/reported.ts';
import type { CliCommand } from '../command.ts';
import { overModules } from '../project/over-modules.ts';
import { secretsByModule } from '../project/secrets-by-module.ts';
import { build } from './build.ts';
import { call } from './call.ts';
import { check } from './check.ts';
import { connections } from './connections.ts';
import { deadLettersDrop } from './dead-letters-drop.ts';
import { deadLettersList } from './dead-letters-list.ts';
import { deadLettersReplay } from './dead-letters-replay.ts';
import { deadLettersShow } from './dead-letters-show.ts';
import { deleteCommand } from './delete.ts';
import { diff } from './diff.ts';
import { eject } from './eject.ts';
import { gc } from './gc.ts';
import { history } from './history.ts';
import { info } from './info.ts';
import { init } from './init.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { outdated } from './outdated.ts';
import { pause } from './pause.ts';
import { plan } from './plan.ts';
import { ps } from './ps.ts';
import { pull } from './pull.ts';
import { push } from './push.ts';
import { resume } from './resume.ts';
import { run } from './run.ts';
import { sbom } from './sbom.ts';
import { createShell } from './shell.ts';
import { signatureKeys } from './signature-keys.ts';
import { signatureSign } from './signature-sign.ts';
import { signatureVerify } from './signature-verify.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { supervisorStart } from './supervisor-start.ts';
import { supervisorStatus } from './supervisor-status.ts';
import { supervisorStop } from './supervisor-stop.ts';
import { supervisorUnit } from './supervisor-unit.ts';
import { trace } from './trace.ts';
import { tui } from './tui.ts';
import { upgrade } from './upgrade.ts';
import { verify } from './verify.ts';

/** Every command, in the order of `nstack --help`. */
export const commands: readonly CliCommand[] = [
  init,
  reported(overModules(check)),
  reported(overModules(build, { needsParent: true, optionsOf: secretsByModule })),
  outdated,
  upgrade,
  reported(overModules(push)),
  pull,
  eject,
  sbom,
  signatureKeys,
  signatureSign,
  signatureVerify,
  list,
  info,
  diff,
  gc,
  run,
  plan,
  call,
  start,
  stop,
  pause,
  resume,
  ps,
  logs,
  trace,
  history,
  deleteCommand,
  deadLettersList,
  deadLettersShow,
  deadLettersReplay,
  deadLettersDrop,
  createShell(() => commands),
  tui,
  supervisorStart,
  supervisorStop,
  supervisorStatus,
  supervisorUnit,
  verify,
  connections,
];
