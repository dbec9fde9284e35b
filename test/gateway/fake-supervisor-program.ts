import { runSupervisor } from '../../src/gateway/run-supervisor.ts';
import { lockFolder } from '../../src/supervisor/state/lock-folder.ts';
import { createFakeSupervisor } from './fake-supervisor.ts';

/*
 * The supervisor's program with a supervisor in memory and the real lock, for tests of how it starts and ends. FAKE says how it misbehaves: `hang` never opens, `die`
 * ends before it does, `drain` never ends in order.
 */

const { FAKE } = process.env;

await runSupervisor(process.argv.slice(2), process.env, async ({ stateFolder }, log) => {
  log('fake: opening');
  if (FAKE === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (FAKE === 'die') {
    process.stderr.write('something terrible\n');
    process.exit(3);
  }
  let lock: ReturnType<typeof lockFolder> | undefined = lockFolder(stateFolder);
  const supervisor = createFakeSupervisor(FAKE === 'drain' ? { drain: new Promise(() => {}) } : {});
  return {
    supervisor: {
      ...supervisor,
      async close(how) {
        await supervisor.close(how);
        lock?.release();
        lock = undefined;
      },
    },
    connections: { list: async () => [], test: async () => 'fine' },
  };
});
