package io.nstack.bridge;

import io.nstack.Positioned;
import io.nstack.codec.Codec;
import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;

/**
 * A function that is a source ({@code Void -> T}). What it gives is gone through in a thread of its
 * own, which encodes each item at once, since it may be changed afterwards, and fills a queue, from
 * which {@code next} takes. The thread is ahead of the hub by the credit of one {@code next} at
 * most.
 */
final class Emitter implements Runnable {
    static final int MOST_CREDIT = 65_536;

    /** Bytes of a position. */
    private static final int POSITION = 16_384;

    /** Bytes that wait, the last item apart. */
    private static final int QUEUE = 4 << 20;

    /** Milliseconds that a source may take to end where the service does. */
    private static final long PATIENCE = 1_000;

    private record Item(byte[] json, RpcError failure, byte[] position) {
        int size() {
            return position.length + 2 + (json == null ? 64 : json.length);
        }
    }

    private final Function function;
    private final Object owner;
    private final Limits limits;
    private final Server.Later later;
    private final Codec anything;
    private final JsonWriter scratch = new JsonWriter(256);

    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private int bytes;
    private int capacity;
    private long waiting = Envelope.NONE;
    private int credit;
    private Thread thread;
    private Object start;
    private long count;
    private boolean ended;
    private RpcError failure;
    private boolean stopped;

    /**
     * @param function with codecs that nobody else uses
     * @param later takes the answer to a {@code next} that had to wait
     */
    Emitter(Function function, Object owner, Limits limits, Codec anything, Server.Later later) {
        this.function = function;
        this.owner = owner;
        this.limits = limits;
        this.anything = anything;
        this.later = later;
    }

    /**
     * Writes the rest of the answer: up to {@code most} items.
     *
     * @param position where it goes on; null where it begins or just continues
     * @return false where nothing is there yet: then it is answered later
     */
    synchronized boolean next(JsonWriter out, long request, int most, JsonReader position) {
        if (waiting != Envelope.NONE)
            throw new RpcError(
                    RpcError.INVALID_REQUEST,
                    function.name() + " is being asked already: one next waits at a time");
        if (thread == null) begin(position);
        else if (position != null)
            throw new RpcError(
                    RpcError.INVALID_PARAMS, "a position comes with the first next alone");
        capacity = most;
        notifyAll();
        if (isReady()) {
            take(out, most);
            return true;
        }
        waiting = request;
        credit = most;
        return false;
    }

    /** Whether it was this one that waited; it waits no more, and what comes is kept. */
    synchronized boolean cancel(long request) {
        if (waiting == Envelope.NONE || waiting != request) return false;
        waiting = Envelope.NONE;
        return true;
    }

    /**
     * Ends the source where it lets itself be ended.
     *
     * @return the request that has waited in vain, or {@link Envelope#NONE}
     */
    long stop() {
        long request;
        Thread running;
        synchronized (this) {
            stopped = true;
            request = waiting;
            waiting = Envelope.NONE;
            running = thread;
            notifyAll();
        }
        if (running == null || running == Thread.currentThread()) return request;
        running.interrupt();
        try {
            running.join(PATIENCE);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        return request;
    }

    private void begin(JsonReader position) {
        start = null;
        count = 0;
        if (position != null) {
            position.depth = 0;
            position.depthLimit = limits.depth();
            int at = position.position;
            count = numberIn(position);
            position.position = at;
            try {
                if (function.inputs.length > 0) start = function.inputs[0].read(position);
            } catch (Misfit misfit) {
                throw new RpcError(
                        RpcError.INVALID_PARAMS,
                        "the position does not fit: " + misfit.getMessage());
            }
        }
        ended = false;
        thread = new Thread(this, "nstack-" + function.name());
        thread.setDaemon(true);
        thread.start();
    }

    /** How many items were given before, where positions are numbers. */
    private static long numberIn(JsonReader position) {
        int first = position.peek();
        if ((first < '0' || first > '9') && first != '-') return 0;
        try {
            return position.integer();
        } catch (Misfit another) {
            return 0;
        }
    }

    @Override
    public void run() {
        RpcError fault = null;
        Object given = null;
        try {
            given = function.begin(owner, start);
            Iterator<?> items = Function.iterator(given);
            while (items.hasNext() && put(items.next())) {
                // again
            }
        } catch (RpcError known) {
            fault = known;
        } catch (Throwable error) {
            fault = RpcError.raised(error);
        }
        if (given instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Throwable error) {
                if (fault == null) fault = RpcError.raised(error);
            }
        }
        synchronized (this) {
            ended = true;
            failure = fault;
        }
        tell();
    }

    /** Waits for room. False where the source is to end. */
    private boolean put(Object given) throws InterruptedException {
        Item item = encoded(given);
        synchronized (this) {
            while (!stopped && !queue.isEmpty() && (queue.size() >= capacity || bytes > QUEUE))
                wait();
            if (stopped) return false;
            queue.add(item);
            bytes += item.size();
            if (waiting == Envelope.NONE) return true;
        }
        tell();
        return true;
    }

    private Item encoded(Object given) {
        count++;
        if (given instanceof Positioned<?> positioned)
            return encoded(positioned.item(), position(positioned.position()));
        return encoded(given, position(count));
    }

    private Item encoded(Object value, byte[] position) {
        try {
            begin();
            function.output.write(scratch, value);
            if (scratch.length <= limits.message()) return new Item(written(), null, position);
            return new Item(
                    null,
                    RpcError.tooLarge("the result", scratch.length, limits.message()),
                    position);
        } catch (Misfit misfit) {
            return new Item(null, RpcError.result(misfit), position);
        } catch (Exception error) {
            return new Item(null, RpcError.result(new Misfit(Stacks.headline(error))), position);
        }
    }

    private byte[] position(Object position) {
        try {
            begin();
            anything.write(scratch, position);
        } catch (Misfit misfit) {
            throw new RpcError(
                    RpcError.INVALID_RESULT, "the position does not fit: " + misfit.getMessage());
        }
        if (scratch.length > POSITION)
            throw new RpcError(
                    RpcError.INVALID_RESULT,
                    "the position has "
                            + scratch.length
                            + " bytes, and the limit is "
                            + POSITION);
        return written();
    }

    private void begin() {
        scratch.length = 0;
        scratch.depth = 0;
        scratch.depthLimit = limits.depth();
    }

    private byte[] written() {
        return Arrays.copyOf(scratch.bytes, scratch.length);
    }

    /** Answers the {@code next} that waits. */
    private void tell() {
        JsonWriter out = new JsonWriter(256);
        synchronized (this) {
            if (waiting == Envelope.NONE || !isReady()) return;
            long request = waiting;
            waiting = Envelope.NONE;
            Answers.begin(out, request);
            try {
                take(out, credit);
            } catch (RpcError error) {
                Answers.error(out, request, error);
            }
        }
        try {
            later.write(out);
        } catch (FrameWriter.Gone gone) {
            // Nobody reads any more, and the other thread may wait for input for ever.
            sun.misc.Signal.raise(new sun.misc.Signal("TERM"));
        }
    }

    private boolean isReady() {
        return ended || !queue.isEmpty();
    }

    /** Writes items, or the end. Throws RpcError where the source has failed. */
    private void take(JsonWriter out, int most) {
        if (queue.isEmpty() && failure != null) {
            thread = null; // the next one begins anew
            RpcError fault = failure;
            failure = null;
            throw fault;
        }
        boolean end = queue.isEmpty();
        JsonWriter positions = new JsonWriter(256);
        Map<Integer, RpcError> failed = new TreeMap<>();
        int room = limits.message() + Limits.BLOCK;
        out.raw(",\"result\":{\"items\":[");
        int begin = out.length;
        for (int index = 0; index < most && !queue.isEmpty(); index++) {
            Item item = queue.peek();
            if (index > 0 && item.size() > room) break;
            queue.remove();
            bytes -= item.size();
            room -= item.size();
            if (item.json == null) {
                failed.put(index, item.failure);
            } else {
                if (out.length > begin) out.put(',');
                out.raw(item.json);
            }
            if (index > 0) positions.put(',');
            positions.raw(item.position);
        }
        notifyAll();
        out.raw("],\"positions\":[");
        out.raw(Arrays.copyOf(positions.bytes, positions.length));
        out.raw("],\"end\":");
        out.bool(end);
        if (!failed.isEmpty()) Answers.failed(out, failed);
        out.raw("}}");
    }
}
