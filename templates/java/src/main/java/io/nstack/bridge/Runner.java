package io.nstack.bridge;

import io.nstack.codec.Accessors;
import io.nstack.codec.Arguments;
import io.nstack.codec.Codec;
import io.nstack.codec.FunctionAccess;
import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Malformed;
import io.nstack.json.Misfit;

import java.lang.reflect.Array;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs one function over blocks of messages: decodes all of them in one pass, then calls the
 * function and writes its result, message by message. A message that fails is left out and told in
 * {@link #failed}.
 */
final class Runner {
    private final Function function;
    private final Object owner;
    private final Limits limits;
    private final FunctionAccess access;
    private final Parallel parallel;
    private final byte[] nameBytes;

    /** Slots of one message. */
    private final int width;

    private long[] numbers = new long[64];
    private Object[] objects = new Object[64];

    /** The index in its block of each message that could be decoded. */
    private int[] places = new int[64];

    private int decoded;
    private final long[] resultNumbers = new long[1];
    private final Object[] resultObjects = new Object[1];
    private final Map<Integer, RpcError> failed = new TreeMap<>();

    /**
     * @param parallel null where messages are worked one after the other
     */
    Runner(Function function, Object owner, Limits limits, Accessors accessors, Parallel parallel) {
        this.function = function;
        this.owner = owner;
        this.limits = limits;
        this.parallel = parallel;
        access =
                function.fault() == null
                        ? Arguments.access(
                                accessors, function.method, Code.ordinal(function.method))
                        : null;
        nameBytes = function.name().getBytes(StandardCharsets.UTF_8);
        width = Math.max(1, function.inputs.length);
    }

    int arity() {
        return function.arity;
    }

    /** The errors of the messages of the last block that failed, by their index, rising. */
    Map<Integer, RpcError> failed() {
        return failed;
    }

    boolean isServable() {
        return access != null && !function.source;
    }

    boolean isSource() {
        return function.source;
    }

    /** Throws RpcError where the function is such that it cannot be served. */
    void requireServable() {
        if (function.fault() != null)
            throw new RpcError(
                    RpcError.SERVICE_ERROR,
                    function.name() + " cannot be served: " + function.fault());
    }

    boolean isNamed(byte[] bytes, int start, int end) {
        return Arrays.equals(bytes, start, end, nameBytes, 0, nameBytes.length);
    }

    /** Decodes a block, the JSON array that comes next. Throws Malformed; nothing was run then. */
    void decodeBlock(JsonReader in) {
        begin(in);
        int count = 0;
        in.position++;
        if (in.peek() == ']') {
            in.position++;
            return;
        }
        while (true) {
            decode(in, count++);
            int next = in.peek();
            in.position++;
            if (next == ']') return;
            if (next != ',') throw new Malformed("no JSON: an array without its end");
        }
    }

    /** Decodes one message, the value that comes next. */
    void decodeOne(JsonReader in) {
        begin(in);
        decode(in, 0);
    }

    private void begin(JsonReader in) {
        failed.clear();
        decoded = 0;
        in.depthLimit = limits.depth();
    }

    private void decode(JsonReader in, int index) {
        in.peek();
        int start = in.position;
        int slot = decoded * width;
        if (slot + width > numbers.length || decoded == places.length) grow();
        in.depth = 0;
        try {
            read(in, slot);
            if (in.position - start > limits.message())
                fail(
                        index,
                        RpcError.tooLarge("the message", in.position - start, limits.message()));
            else places[decoded++] = index;
        } catch (Misfit misfit) {
            in.position = start;
            in.skip();
            int size = in.position - start;
            fail(
                    index,
                    size > limits.message()
                            ? RpcError.tooLarge("the message", size, limits.message())
                            : RpcError.input(misfit));
        }
    }

    private void read(JsonReader in, int slot) {
        Codec[] inputs = function.inputs;
        if (function.vectorised) objects[slot] = inputs[0].read(in);
        else if (inputs.length == 1) inputs[0].readInto(in, numbers, objects, slot);
        else if (inputs.length == 0) in.readNull();
        else Arguments.read(in, inputs, numbers, objects, slot);
    }

    private void grow() {
        int size = Math.max(numbers.length * 2, width * 64);
        numbers = Arrays.copyOf(numbers, size);
        objects = Arrays.copyOf(objects, size);
        places = Arrays.copyOf(places, size);
    }

    private void fail(int index, RpcError error) {
        failed.put(index, error);
    }

    /** Lets the messages go that were decoded. */
    void forget() {
        decoded = 0;
    }

    /**
     * Calls the function for each message that was decoded, and writes the results with commas
     * between them.
     *
     * @param stopAtFailure calls come one after the other, and none behind the first that fails
     */
    void run(JsonWriter out, boolean stopAtFailure) {
        out.depthLimit = limits.depth();
        try {
            if (function.vectorised) runWhole(out);
            else if (parallel != null && decoded > 1 && !stopAtFailure) runParallel(out);
            else runEach(out, stopAtFailure);
        } finally {
            Arrays.fill(objects, 0, decoded * width, null);
            resultObjects[0] = null;
        }
    }

    private void failAll(RpcError error) {
        for (int index = 0; index < decoded; index++) fail(places[index], error);
    }

    private void runEach(JsonWriter out, boolean stopAtFailure) {
        int begin = out.length;
        int from = 0;
        for (int index = 0; index < decoded; index++, from += width) {
            try {
                access.call(owner, numbers, objects, from, resultNumbers, resultObjects, 0);
            } catch (Throwable error) {
                fail(places[index], RpcError.raised(error));
                if (!stopAtFailure) continue;
                while (++index < decoded) fail(places[index], RpcError.notBegun());
                return;
            }
            write(out, begin, index, resultNumbers, resultObjects, 0);
        }
    }

    private void runParallel(JsonWriter out) {
        int begin = out.length;
        long[] givenNumbers = new long[decoded];
        Object[] givenObjects = new Object[decoded];
        Throwable[] errors =
                parallel.run(
                        decoded,
                        index ->
                                access.call(
                                        owner,
                                        numbers,
                                        objects,
                                        index * width,
                                        givenNumbers,
                                        givenObjects,
                                        index));
        for (int index = 0; index < decoded; index++) {
            if (errors[index] != null) fail(places[index], RpcError.raised(errors[index]));
            else write(out, begin, index, givenNumbers, givenObjects, index);
        }
    }

    /** A vectorised function gets all messages as one list; if it fails, they all fail. */
    private void runWhole(JsonWriter out) {
        if (decoded == 0) return;
        Class<?> wanted = function.method.getParameterTypes()[0];
        Object[] results;
        try {
            Object[] argument = {wanted.isArray() ? array(wanted.getComponentType()) : list()};
            access.call(owner, numbers, argument, 0, resultNumbers, resultObjects, 0);
            results = asArray(resultObjects[0]);
        } catch (Throwable error) {
            failAll(RpcError.raised(error));
            return;
        }
        if (results.length != decoded) {
            String counts =
                    "a vectorised function took "
                            + decoded
                            + " messages and gave "
                            + results.length
                            + " results";
            failAll(RpcError.result(new Misfit(counts)));
            return;
        }
        int begin = out.length;
        for (int index = 0; index < decoded; index++)
            write(out, begin, index, null, results, index);
    }

    private List<Object> list() {
        List<Object> values = new ArrayList<>(decoded);
        for (int index = 0; index < decoded; index++) values.add(objects[index]);
        return values;
    }

    private Object array(Class<?> kind) {
        Object values = Array.newInstance(kind, decoded);
        for (int index = 0; index < decoded; index++) Array.set(values, index, objects[index]);
        return values;
    }

    private static Object[] asArray(Object results) {
        if (results instanceof Collection<?> values) return values.toArray();
        if (results instanceof Iterable<?> values) {
            List<Object> list = new ArrayList<>();
            values.forEach(list::add);
            return list.toArray();
        }
        if (results instanceof Object[] values) return values;
        Object[] values = new Object[results == null ? 0 : Array.getLength(results)];
        for (int index = 0; index < values.length; index++)
            values[index] = Array.get(results, index);
        return values;
    }

    /** Writes one result from its slot; what does not fit is taken back and told. */
    private void write(
            JsonWriter out,
            int begin,
            int index,
            long[] givenNumbers,
            Object[] givenObjects,
            int slot) {
        int start = out.length;
        if (start > begin) out.put(',');
        int first = out.length;
        out.depth = 0;
        try {
            if (function.vectorised) function.output.write(out, givenObjects[slot]);
            else function.output.writeFrom(out, givenNumbers, givenObjects, slot);
            int size = out.length - first;
            if (size <= limits.message() && out.length - begin <= limits.message() + Limits.BLOCK)
                return;
            fail(
                    places[index],
                    size > limits.message()
                            ? RpcError.tooLarge("the result", size, limits.message())
                            : new RpcError(
                                    RpcError.TOO_LARGE,
                                    "the results of its block are too long for one answer"));
        } catch (Misfit misfit) {
            fail(places[index], RpcError.result(misfit));
        } catch (Throwable error) {
            fail(places[index], RpcError.result(new Misfit(Stacks.headline(error))));
        }
        out.length = start;
    }
}
