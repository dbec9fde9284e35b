package io.nstack.bridge;

import io.nstack.codec.JsonCodec;
import io.nstack.json.FieldNames;
import io.nstack.json.JsonReader;
import io.nstack.json.Malformed;
import io.nstack.json.Misfit;

import java.util.Arrays;
import java.util.Map;

/**
 * A request or notification, its members in any order. Its parts are places in the frame, which is
 * JSON throughout.
 */
final class Envelope {
    static final int NONE = -1;
    private static final long MOST = 999_999_999_999_999L;
    private static final FieldNames NAMES =
            new FieldNames(new String[] {"jsonrpc", "id", "method", "params"});

    /** {@link #NONE} in a notification. */
    long id = NONE;

    final String method;

    /** Where the params begin; {@link #NONE} where there are none. */
    final int params;

    /** Reads the frame that ends at {@code end}. Throws RpcError -32700 or -32600. */
    static Envelope read(JsonReader in, byte[] bytes, int start, int end) {
        try {
            in.at(bytes, start).skip();
            in.peek();
            if (in.position != end) throw new Malformed("no JSON: there is text after the value");
        } catch (Malformed error) {
            throw new RpcError(RpcError.PARSE_ERROR, error.getMessage());
        }
        in.at(bytes, start);
        in.depthLimit = Integer.MAX_VALUE;
        try {
            if (in.peek() != '{') throw new Misfit("it is no object");
            return new Envelope(in, places(in, NAMES));
        } catch (Misfit misfit) {
            throw new RpcError(
                    RpcError.INVALID_REQUEST, "no JSON-RPC 2.0 request: " + misfit.getMessage());
        }
    }

    private Envelope(JsonReader in, int[] places) {
        if (!goTo(in, places[0]) || !in.text().equals("2.0"))
            throw new Misfit("jsonrpc is not 2.0");
        if (goTo(in, places[1])) {
            id = in.integer();
            if (id < 0 || id > MOST) throw new Misfit("its id is no number from 0 to " + MOST);
        }
        if (!goTo(in, places[2])) throw new Misfit("it has no method");
        method = in.text();
        params = places[3];
    }

    /**
     * Where the values of these members of the object begin that comes next; {@link #NONE} where
     * there is none. Of a member that comes twice the last one counts.
     */
    static int[] places(JsonReader in, FieldNames names) {
        int[] places = new int[names.size()];
        Arrays.fill(places, NONE);
        in.enter('{', "an object");
        if (in.ends('}')) return places;
        do {
            int name = in.field(names, 0);
            in.peek();
            if (name >= 0) places[name] = in.position;
            in.skip();
        } while (in.more('}'));
        return places;
    }

    /** Goes to a place; whether there is one. */
    static boolean goTo(JsonReader in, int place) {
        in.position = place;
        return place != NONE;
    }

    /** The id of the request that a frame cancels; {@link #NONE} where it is another frame. */
    static long cancelledBy(JsonReader in, byte[] bytes, int start, int end) {
        if (end - start > 1_000 || !contains(bytes, start, end, "$/cancel")) return NONE;
        try {
            Envelope frame = read(in, bytes, start, end);
            if (!frame.method.equals("$/cancel") || frame.params == NONE) return NONE;
            Object params = JsonCodec.readAny(in.at(bytes, frame.params));
            return params instanceof Map<?, ?> map && map.get("id") instanceof Long id ? id : NONE;
        } catch (RpcError | Misfit | Malformed another) {
            return NONE;
        }
    }

    private static boolean contains(byte[] bytes, int start, int end, String word) {
        for (int at = start; at + word.length() <= end; at++) {
            int same = 0;
            while (same < word.length() && bytes[at + same] == word.charAt(same)) same++;
            if (same == word.length()) return true;
        }
        return false;
    }
}
