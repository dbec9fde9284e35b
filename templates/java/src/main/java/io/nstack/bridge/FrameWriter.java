package io.nstack.bridge;

import io.nstack.json.JsonWriter;

import java.io.FileOutputStream;
import java.io.IOException;

/** Writes whole frames from any thread. */
final class FrameWriter implements Server.Later {
    /** Nobody reads any more. */
    static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Gone(IOException cause) {
            super(cause);
        }
    }

    /**
     * A write of no more than this to a pipe is done as a whole or not at all (PIPE_BUF of
     * pipe(7)).
     */
    private static final int PIECE = 4096;

    private final FileOutputStream out;
    private final boolean waits;
    private final Object lock = new Object();

    /**
     * @param waits whether a write waits for room; otherwise it fails with EAGAIN, and is tried
     *     again
     */
    FrameWriter(FileOutputStream out, boolean waits) {
        this.out = out;
        this.waits = waits;
    }

    /** Writes what the writer holds as one frame. */
    @Override
    public void write(JsonWriter frame) {
        frame.put('\n');
        synchronized (lock) {
            try {
                if (waits) out.write(frame.bytes, 0, frame.length);
                else writePieces(frame.bytes, frame.length);
            } catch (IOException error) {
                throw new Gone(error);
            }
        }
    }

    private void writePieces(byte[] bytes, int length) throws IOException {
        int at = 0;
        int tries = 0;
        while (at < length) {
            int count = Math.min(PIECE, length - at);
            try {
                out.write(bytes, at, count);
                at += count;
                tries = 0;
            } catch (IOException error) {
                if (!Descriptors.isTryAgain(error)) throw error;
                Descriptors.pause(tries++);
            }
        }
    }
}
