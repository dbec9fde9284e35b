package io.nstack.bridge;

import io.nstack.json.JsonReader;
import io.nstack.json.Words;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Splits what a descriptor gives into frames, which stay where they were read. Bytes after the last
 * 0x0A of the input are no frame and are dropped.
 */
final class FrameReader {
    private static final int PIECE = 1 << 18;
    private static final int READ_AHEAD = 64;

    private final FileInputStream input;

    /**
     * Frames, from {@link #first} on; after {@link #filled} there is room to look at eight bytes
     * anywhere.
     */
    private byte[] bytes = new byte[PIECE + JsonReader.PADDING];

    private int first;
    private int filled;

    /** Up to where line feeds were looked for, and whether all since the last one is ASCII. */
    private int scanned;

    private long beyondAscii;

    /** Where the whole frames that wait end, and whether they are ASCII; a ring. */
    private final int[] ends = new int[256];

    private final boolean[] ascii = new boolean[ends.length];
    private int next;
    private int waiting;
    private boolean ended;

    FrameReader(FileInputStream input) {
        this.input = input;
    }

    boolean ended() {
        return ended;
    }

    /**
     * Whole frames that were read and not taken; there may be more than are counted here, but not
     * where it is 0.
     */
    int waiting() {
        if (waiting == 0) scan();
        return waiting;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the first waiting frame begins. */
    int start() {
        return first;
    }

    /** Where a waiting frame ends, at its line feed; 0 is the first one. */
    int end(int place) {
        return ends[(next + place) % ends.length];
    }

    boolean isAscii() {
        return ascii[next];
    }

    /** The first waiting frame is done with. */
    void drop() {
        first = ends[next] + 1;
        next = (next + 1) % ends.length;
        waiting--;
    }

    /** Waits for the next piece of input, which may complete frames or not. */
    void read() {
        makeRoom();
        int count;
        try {
            count = readSome();
        } catch (IOException error) {
            count = -1; // a socket whose other end died
        }
        if (count < 0) {
            ended = true;
            return;
        }
        filled += count;
        scan();
    }

    private int readSome() throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                return input.read(
                        bytes, filled, Math.min(PIECE, bytes.length - JsonReader.PADDING - filled));
            } catch (IOException error) {
                if (!Descriptors.isTryAgain(error)) throw error;
                Descriptors.pause(tries);
            }
        }
    }

    /**
     * Reads what can be had without waiting, while there are not many frames: a request that is
     * cancelled may be among them.
     */
    boolean readAhead() {
        if (ended || waiting == 0 || waiting >= READ_AHEAD) return false;
        try {
            if (input.available() == 0) return false;
        } catch (IOException closed) {
            return false;
        }
        read();
        return true;
    }

    private void makeRoom() {
        int capacity = bytes.length - JsonReader.PADDING;
        if (first == filled) {
            move(0);
        } else if (capacity - filled < PIECE / 4) {
            if (first >= capacity / 2) move(filled - first);
            else
                bytes =
                        Arrays.copyOf(
                                bytes,
                                Math.max(
                                        Math.addExact(bytes.length, PIECE),
                                        (int) Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }

    /** Moves what waits to the beginning. */
    private void move(int length) {
        System.arraycopy(bytes, first, bytes, 0, length);
        for (int place = 0; place < waiting; place++) ends[(next + place) % ends.length] -= first;
        scanned -= first;
        filled = length;
        first = 0;
    }

    private void scan() {
        byte[] source = bytes;
        int at = scanned;
        int end = filled;
        long beyond = beyondAscii;
        while (at < end && waiting < ends.length) {
            if (end - at >= 8) {
                long word = Words.at(source, at);
                if (Words.lineFeeds(word) == 0) {
                    beyond |= word;
                    at += 8;
                    continue;
                }
            }
            if (source[at] == '\n') {
                add(at, (beyond & Words.HIGH) == 0);
                beyond = 0;
            } else if (source[at] < 0) {
                beyond = Words.HIGH;
            }
            at++;
        }
        beyondAscii = beyond;
        scanned = at;
    }

    private void add(int end, boolean isAscii) {
        int place = (next + waiting) % ends.length;
        ends[place] = end;
        ascii[place] = isAscii;
        waiting++;
    }
}
