package io.nstack.bridge;

import io.nstack.Parallel;
import io.nstack.Parameters;
import io.nstack.codec.Accessors;
import io.nstack.codec.Codecs;
import io.nstack.json.FieldNames;
import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Malformed;
import io.nstack.json.Misfit;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The shim's end of the bridge (docs/bridge-protocol.md): answers one frame at a time. */
public final class Server {
    private static final String VERSION = "0.1.0";
    private static final byte[] BLOCK_METHOD =
            ascii(",\"method\":\"$/block\",\"params\":{\"function\":\"");
    private static final byte[] BLOCK_ITEMS = ascii("\",\"items\":[");
    private static final byte[] STOPPING_BLOCK_ITEMS =
            ascii("\",\"stopAtFailure\":true,\"items\":[");
    private static final FieldNames BLOCK_NAMES =
            new FieldNames(new String[] {"function", "items", "stopAtFailure"});

    /** Loads the author's class. */
    public interface Source {
        Class<?> load() throws Throwable;
    }

    /** Takes the answers that are given by the threads of sources. */
    public interface Later {
        void write(JsonWriter frame);
    }

    private final Source source;
    private final boolean dry;
    private final JsonReader in = new JsonReader();
    private final JsonWriter out = new JsonWriter(1 << 16);
    private final Accessors accessors = new Accessors(null);
    private final Codecs codecs = new Codecs(accessors);
    private final List<Runner> runners = new ArrayList<>();

    private final Sources sources;
    private Initialize wanted;

    /** Null before initialize, and after the end. */
    private Code code;

    private io.nstack.bridge.Parallel parallel;
    private boolean finished;

    /** The id of the request that is being worked. */
    private long working;

    /**
     * @param source is asked by {@code initialize}
     * @param later takes, from any thread, the answer to a {@code next} that had to wait
     */
    public Server(Source source, Later later) {
        this(source, later, false);
    }

    /**
     * @param dry loads the author's code and runs none of it, to train an archive of classes
     */
    Server(Source source, Later later, boolean dry) {
        this.source = source;
        this.dry = dry;
        sources = new Sources(later, name -> runner(name).isSource());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whether {@code shutdown} was answered. */
    boolean finished() {
        return finished;
    }

    /**
     * Answers the frame between two places, a line feed and {@link JsonReader#PADDING} bytes behind
     * it.
     *
     * @return what was written, without a line feed, good until the next call; null for a
     *     notification, and for a {@code next} that waits
     */
    public JsonWriter handle(byte[] bytes, int start, int end, boolean isAscii) {
        out.length = 0;
        working = Envelope.NONE;
        try {
            if (!isAscii) requireUtf8(bytes, start, end);
            if (handlePlainBlock(bytes, start, end)) return out;
        } catch (RpcError error) {
            return answer(working, error);
        } catch (Malformed | Misfit notPlain) {
            // told below
        } catch (Throwable error) { // a defect of the shim must not end the service
            return answer(working, RpcError.internal(error));
        }
        return handleAny(bytes, start, end);
    }

    /** The answer to a request that was cancelled before it was begun. */
    JsonWriter cancel(long id) {
        return answer(id, new RpcError(RpcError.CANCELLED, "cancelled before it was begun"));
    }

    /** The answer to a {@code next} that has waited until now; null where it is none. */
    JsonWriter cancelNext(long id) {
        return sources.cancel(id) ? Answers.error(out, id, Sources.cancelledInVain()) : null;
    }

    /** Ends the sources, and calls the shutdown hook, once, where the service was started. */
    public void stop() throws Throwable {
        Code stopped = code;
        code = null;
        runners.clear();
        sources.stop();
        if (stopped != null && !dry) stopped.shutdown();
    }

    /**
     * A block as the hub writes it, which its bytes show: no other reading is possible then. False
     * where it is another frame, and nothing was run.
     */
    private boolean handlePlainBlock(byte[] bytes, int start, int end) {
        int at = after(bytes, start, Answers.HEAD);
        if (at < 0) return false;
        int idStart = at;
        while (bytes[at] >= '0' && bytes[at] <= '9') at++;
        int idEnd = at;
        at = after(bytes, at, BLOCK_METHOD);
        if (at < 0 || idEnd == idStart || idEnd - idStart > 15) return false;
        int nameStart = at;
        while (bytes[at] != '"' && bytes[at] != '\\' && bytes[at] != '\n') at++;
        Runner runner = find(bytes, nameStart, at);
        int nameEnd = at;
        at = after(bytes, nameEnd, BLOCK_ITEMS);
        boolean stopAtFailure = at < 0;
        if (stopAtFailure) at = after(bytes, nameEnd, STOPPING_BLOCK_ITEMS);
        if (at < 0 || runner == null || !runner.isServable()) return false;
        runner.decodeBlock(in.at(bytes, at - 1));
        if (in.position + 2 != end || bytes[end - 2] != '}' || bytes[end - 1] != '}') return false;
        working = in.at(bytes, idStart).integer();
        Answers.begin(out, working);
        runBlock(runner, stopAtFailure);
        return true;
    }

    private static int after(byte[] bytes, int at, byte[] wanted) {
        for (byte one : wanted) {
            if (bytes[at++] != one) return -1;
        }
        return at;
    }

    private Runner find(byte[] bytes, int start, int end) {
        for (int index = 0; index < runners.size(); index++) {
            Runner runner = runners.get(index);
            if (runner.isNamed(bytes, start, end)) return runner;
        }
        return null;
    }

    private void runBlock(Runner runner, boolean stopAtFailure) {
        if (dry) runner.forget();
        out.raw(",\"result\":{\"items\":[");
        runner.run(out, stopAtFailure);
        out.put(']');
        if (!runner.failed().isEmpty()) Answers.failed(out, runner.failed());
        out.raw("}}");
    }

    private JsonWriter handleAny(byte[] bytes, int start, int end) {
        out.length = 0;
        working = Envelope.NONE;
        try {
            Envelope request = Envelope.read(in, bytes, start, end);
            if (request.id == Envelope.NONE) {
                long given = Envelope.cancelledBy(in, bytes, start, end);
                return given == Envelope.NONE ? null : cancelNext(given);
            }
            working = request.id;
            return answer(request, bytes) ? out : null;
        } catch (RpcError error) {
            return answer(working, error);
        } catch (Misfit misfit) {
            return answer(working, RpcError.input(misfit));
        } catch (Throwable error) { // a defect of the shim must not end the service
            return answer(working, RpcError.internal(error));
        }
    }

    /** False where it is answered later. */
    private boolean answer(Envelope request, byte[] bytes) {
        Answers.begin(out, request.id);
        if (request.method.equals("initialize")) {
            initialize(paramsOf(request, bytes));
            out.raw(
                    ",\"result\":{\"protocol\":1,\"shim\":{\"name\":\"nstack-java\",\"version\":\""
                            + VERSION
                            + "\",\"language\":\"java\"},\"stopsAtFailure\":true}}");
            return true;
        }
        if (code == null)
            throw new RpcError(
                    RpcError.NOT_INITIALIZED, "initialize must come before " + request.method);
        switch (request.method) {
            case "$/block":
                block(paramsOf(request, bytes));
                break;
            case "next":
                return sources.next(out, request.id, paramsOf(request, bytes));
            case "ack":
                sources.ack(paramsOf(request, bytes));
                out.raw(",\"result\":null}");
                break;
            case "rpc.discover":
                out.raw(",\"result\":");
                discover();
                out.put('}');
                break;
            case "shutdown":
                finished = true;
                try {
                    stop();
                } catch (Throwable error) {
                    throw RpcError.told(error);
                }
                out.raw(",\"result\":null}");
                break;
            default:
                call(request, bytes);
        }
        return true;
    }

    /** A function that is called, and so no source. */
    private Runner called(String name) {
        Runner runner = runner(name);
        if (runner.isSource())
            throw new RpcError(
                    RpcError.METHOD_NOT_FOUND,
                    name + " is a source, which is not called: next asks it for items");
        return runner;
    }

    private JsonWriter answer(long id, RpcError error) {
        return Answers.error(out, id, error);
    }

    /** Goes to the params, or to an empty list where there are none. */
    private JsonReader paramsOf(Envelope request, byte[] bytes) {
        if (request.params == Envelope.NONE) return in.at(padded("[]"), 0);
        return in.at(bytes, request.params);
    }

    private static byte[] padded(String json) {
        byte[] text = ascii(json + "\n");
        return java.util.Arrays.copyOf(text, text.length + JsonReader.PADDING);
    }

    private void initialize(JsonReader params) {
        if (code != null) throw new RpcError(RpcError.INVALID_REQUEST, "initialize comes once");
        wanted = Initialize.read(params);
        Parameters.set(wanted.parameters());
        start();
    }

    private void start() {
        Code loaded = load();
        parallel =
                loaded.service().isAnnotationPresent(Parallel.class)
                        ? new io.nstack.bridge.Parallel()
                        : null;
        List<Runner> made = new ArrayList<>();
        for (String function : wanted.api().keySet()) made.add(makeRunner(loaded, function));
        try {
            if (!dry) loaded.startup();
        } catch (Throwable error) {
            throw RpcError.told(error);
        }
        code = loaded;
        sources.serve(loaded, wanted);
        runners.addAll(made);
    }

    private Code load() {
        try {
            Class<?> service = source.load();
            return dry ? new Code(service, codecs, null) : new Code(service, codecs);
        } catch (Throwable error) {
            throw RpcError.told(error);
        }
    }

    private Runner makeRunner(Code from, String function) {
        return new Runner(
                from.function(function, wanted.api().get(function)),
                from.owner(),
                wanted.limits(),
                accessors,
                parallel);
    }

    /** Functions outside the API can be called too: an author's unit test may have none. */
    private Runner runner(String function) {
        byte[] bytes = function.getBytes(StandardCharsets.UTF_8);
        Runner found = find(bytes, 0, bytes.length);
        if (found == null) {
            found = makeRunner(code, function);
            runners.add(found);
        }
        found.requireServable();
        return found;
    }

    private void block(JsonReader params) {
        int[] places = Envelope.places(params, BLOCK_NAMES);
        int items = places[1];
        if (items == Envelope.NONE || !Envelope.goTo(params, places[0]))
            throw new RpcError(RpcError.INVALID_PARAMS, "a block has a function and items");
        Runner runner = called(params.text());
        boolean stopAtFailure = Envelope.goTo(params, places[2]) && params.bool();
        if (params.at(params.bytes, items).peek() != '[')
            throw new RpcError(RpcError.INVALID_PARAMS, "the items of a block are a list");
        runner.decodeBlock(params);
        runBlock(runner, stopAtFailure);
    }

    private void call(Envelope request, byte[] bytes) {
        Runner runner = called(request.method);
        JsonReader params = paramsOf(request, bytes);
        int start = params.position;
        int given = count(params);
        if (given != runner.arity()) {
            String plural = runner.arity() == 1 ? " argument, and " : " arguments, and ";
            throw new RpcError(
                    RpcError.INVALID_PARAMS,
                    request.method + " takes " + runner.arity() + plural + given + " were given");
        }
        if (given == 0) runner.decodeOne(params.at(padded("null"), 0));
        else if (given == 1) runner.decodeBlock(params.at(params.bytes, start));
        else runner.decodeOne(params.at(params.bytes, start));
        out.raw(",\"result\":");
        runner.run(out, false);
        for (RpcError error : runner.failed().values()) throw error;
        out.put('}');
    }

    /** How many arguments there are. */
    private static int count(JsonReader params) {
        if (params.peek() != '[')
            throw new RpcError(RpcError.INVALID_PARAMS, "params are a list of arguments");
        params.position++;
        if (params.peek() == ']') return 0;
        int count = 1;
        params.depth = 1;
        params.skip();
        while (params.more(']')) {
            params.skip();
            count++;
        }
        return count;
    }

    private void discover() {
        out.raw("{\"openrpc\":\"1.3.2\",\"info\":{\"title\":");
        out.text(wanted.service());
        out.raw(",\"version\":");
        out.text(wanted.version());
        out.raw("},\"methods\":[");
        boolean first = true;
        for (String function : code.names()) {
            if (!first) out.put(',');
            first = false;
            Function described = code.function(function, wanted.api().get(function));
            described.describe(out, code.placeOf(described));
        }
        out.raw("]}");
    }

    private static void requireUtf8(byte[] bytes, int start, int end) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, end - start));
        } catch (CharacterCodingException error) {
            throw new RpcError(RpcError.PARSE_ERROR, "no UTF-8");
        }
    }
}
