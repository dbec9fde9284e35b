import { type Duplex, Readable } from 'node:stream';

/**
 * Takes apart the stream of an attached container without a terminal: frames of one byte stream number (1 stdout, 2 stderr), three
 * zero bytes, the payload's length in four bytes (big endian), the payload (Docker Engine API, "Attach to a container", "Stream format").
 * Payload bytes are passed on as they come, not gathered. Neither stream gets ahead of its reader: one that is not read holds up both.
 */
export function demultiplex(socket: Duplex): { readonly output: Readable; readonly log: Readable } {
  const blocked = new Set<Readable>();
  const stream = () => {
    const readable: Readable = new Readable({
      read() {
        if (blocked.delete(readable) && blocked.size === 0) socket.resume();
      },
      destroy(error, done) {
        if (blocked.delete(readable) && blocked.size === 0) socket.resume();
        done(error);
      },
    });
    return readable;
  };
  const [output, log] = [stream(), stream()];
  const parse = frameParser((number, payload) => {
    const target = number === 2 ? log : output;
    if (!target.destroyed && !target.push(payload)) blocked.add(target);
  });
  socket.on('data', (chunk: Buffer) => {
    parse(chunk);
    if (blocked.size > 0) socket.pause();
  });
  const end = () => {
    for (const one of [output, log]) if (!one.destroyed) one.push(null);
  };
  // A connection that breaks is the end of the service as far as anyone can see.
  socket.on('error', () => {});
  socket.once('end', end);
  socket.once('close', end);
  return { output, log };
}

/** Calls back with each piece of payload; frames may be cut anywhere. */
export function frameParser(
  onPayload: (stream: number, payload: Uint8Array) => void,
): (chunk: Uint8Array) => void {
  const header = new Uint8Array(8);
  let headerLength = 0;
  let payloadLeft = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft === 0) {
        const take = Math.min(8 - headerLength, chunk.length - at);
        header.set(chunk.subarray(at, at + take), headerLength);
        headerLength += take;
        at += take;
        if (headerLength < 8) return;
        headerLength = 0;
        payloadLeft = new DataView(header.buffer).getUint32(4);
      } else {
        const take = Math.min(payloadLeft, chunk.length - at);
        onPayload(header[0] ?? 0, chunk.subarray(at, at + take));
        payloadLeft -= take;
        at += take;
      }
    }
  };
}
