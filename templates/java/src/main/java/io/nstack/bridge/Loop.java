package io.nstack.bridge;

import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;

import sun.misc.Signal;
import sun.misc.SignalHandler;

import java.util.HashSet;
import java.util.Set;

/**
 * Works requests one after the other, in order, in one thread. Between two of them the input is
 * looked at, so that one which is cancelled before it was begun is never run; one that runs cannot
 * be cancelled, and is answered.
 */
final class Loop implements SignalHandler {
    private final Server server;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final JsonReader json = new JsonReader();

    /** Ids that a waiting $/cancel names. */
    private final Set<Long> cancelled = new HashSet<>();

    /** How many of the waiting frames were looked through for such. */
    private int looked;

    private final Object turn = new Object();
    private boolean reading;
    private boolean stopped;
    private Runnable onStop;

    Loop(Server server, FrameReader reader, FrameWriter writer) {
        this.server = server;
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * Returns once the service was shut down, or its input has ended or SIGTERM come and what was
     * read is answered.
     *
     * @param whileReading is called by another thread where SIGTERM comes while nothing is worked,
     *     and must end the process: a read cannot be interrupted
     */
    void run(Runnable whileReading) {
        onStop = whileReading;
        Signal.handle(new Signal("TERM"), this);
        Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN); // a Ctrl-C is the hub's to handle
        try {
            while (answerNext()) {
                // again
            }
        } catch (FrameWriter.Gone gone) {
            // nobody reads any more
        }
    }

    private boolean answerNext() {
        while (reader.waiting() == 0) {
            looked = 0;
            if (reader.ended() || !read()) return false;
        }
        if (!isStopped()) reader.readAhead();
        lookForCancels();
        Thread.interrupted(); // what interrupted the last message is no matter of this one
        byte[] bytes = reader.bytes();
        int start = reader.start();
        int end = reader.end(0);
        JsonWriter answer = cancelled.isEmpty() ? null : answerCancelled(bytes, start, end);
        if (answer == null) {
            forgetCancel(bytes, start, end);
            answer = server.handle(bytes, start, end, reader.isAscii());
        }
        if (answer != null) writer.write(answer);
        reader.drop();
        looked = Math.max(0, looked - 1);
        return !server.finished();
    }

    private void lookForCancels() {
        int waiting = reader.waiting();
        if (waiting == 1) return;
        for (int start = looked == 0 ? reader.start() : reader.end(looked - 1) + 1;
                looked < waiting;
                looked++) {
            int end = reader.end(looked);
            long id = Envelope.cancelledBy(json, reader.bytes(), start, end);
            if (id != Envelope.NONE) cancelled.add(id);
            start = end + 1;
        }
    }

    private JsonWriter answerCancelled(byte[] bytes, int start, int end) {
        try {
            long id = Envelope.read(json, bytes, start, end).id;
            return id != Envelope.NONE && cancelled.contains(id) ? server.cancel(id) : null;
        } catch (RpcError another) {
            return null;
        }
    }

    /** A cancel that is reached has done all that it can for what waits in front of it. */
    private void forgetCancel(byte[] bytes, int start, int end) {
        if (!cancelled.isEmpty()) cancelled.remove(Envelope.cancelledBy(json, bytes, start, end));
    }

    /** Waits for input; false where SIGTERM came instead. */
    private boolean read() {
        synchronized (turn) {
            if (stopped) return false;
            reading = true;
        }
        reader.read();
        synchronized (turn) {
            reading = false;
            if (!stopped) return true;
        }
        // Another thread is ending the process.
        while (true) java.util.concurrent.locks.LockSupport.park();
    }

    private boolean isStopped() {
        synchronized (turn) {
            return stopped;
        }
    }

    @Override
    public void handle(Signal signal) {
        synchronized (turn) {
            if (stopped) return;
            stopped = true;
            if (!reading) return;
        }
        onStop.run();
    }
}
