import { createJournal } from '../../../src/supervisor/data-path/journal/create-journal.ts';

/*
 * A program: keeps the letters FIRST, FIRST + 1, ... in the journal at PATH and commits each number as a position, until it is killed, and prints a number once
 * its letter and its position are said to be on the disk.
 */
const [path = '', first = '0'] = process.argv.slice(2);
const lanes = 16;
const journal = await createJournal(path, 'clicks');
await Promise.all(Array.from({ length: lanes }, (_, lane) => write(Number(first) + lane)));

async function write(start: number): Promise<void> {
  for (let number = start; ; number += lanes) {
    const payload = Buffer.from(`${number} ${'x'.repeat(number % 3_000)}`);
    await Promise.all([
      journal.keep({ stage: 's', error: { code: 1, message: 'boom' }, attempts: 1, payload, json: false }),
      journal.commit('s', String(number % lanes), number),
    ]);
    process.stdout.write(`${number}\n`);
  }
}
