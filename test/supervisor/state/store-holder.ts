import { openStore } from '../../../src/supervisor/state/open-store.ts';

/* A program: opens the store of FOLDER, counts up the restarts of a workflow until it is killed, and prints each number once it is said to be on the disk. */
const store = await openStore(process.argv[2] ?? '');
store.saveVersion('up', { text: 'stdin -> Up -> stdout', file: 'up', folder: '/' });
for (let restarts = (store.workflow('up')?.restarts ?? 0) + 1; ; restarts++) {
  store.together(() => {
    store.setState('up', { state: 'restarting', restarts });
    store.addHistory({ workflow: 'up', version: 1, event: 'crashed', detail: String(restarts) });
  });
  if (!process.stdout.write(`${restarts}\n`))
    await new Promise((resolve) => process.stdout.once('drain', resolve));
}
