import { Duplex, PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { demultiplex, frameParser } from '../../src/engine/demultiplex.ts';

function frame(stream: number, payload: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(payload), 4);
  return Buffer.concat([header, Buffer.from(payload)]);
}

const bytes = Buffer.concat([
  frame(1, 'one\n'),
  frame(2, 'warning'),
  frame(1, ''),
  frame(1, 'two'),
  frame(2, '!'),
]);

test('frames are put together the same wherever a chunk is cut', () => {
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const streams = ['', '', ''];
      const parse = frameParser((number, payload) => {
        streams[number] += Buffer.from(payload).toString();
      });
      for (const chunk of [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)])
        parse(chunk);
      expect(streams).toEqual(['', 'one\ntwo', 'warning!']);
    }
  }
});

test('both streams end with the connection', async () => {
  const socket = new PassThrough();
  const { output, log } = demultiplex(socket);
  socket.end(bytes);
  expect(await Promise.all([text(output), text(log)])).toEqual(['one\ntwo', 'warning!']);
});

test('both streams end when the connection breaks', async () => {
  const socket = new PassThrough();
  const { output, log } = demultiplex(socket);
  const read = Promise.all([text(output), text(log)]);
  socket.write(frame(1, 'one'));
  setImmediate(() => socket.destroy(new Error('reset')));
  expect(await read).toEqual(['one', '']);
});

test('a stream that nobody reads stops the connection, and reading it starts it again', async () => {
  let asked = 0;
  const piece = frame(1, 'x'.repeat(10_000));
  const socket = new Duplex({
    read() {
      asked++;
      this.push(asked <= 100 ? piece : null);
    },
  });
  const { output, log } = demultiplex(socket);
  log.resume();
  await new Promise((resolve) => socket.once('pause', resolve));
  expect(asked).toBeLessThan(100);
  expect((await text(output)).length).toBe(1_000_000);
});
