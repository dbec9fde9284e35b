package io.nstack.bridge;

import io.nstack.codec.JsonCodec;
import io.nstack.json.FieldNames;
import io.nstack.json.JsonReader;
import io.nstack.json.Malformed;
import io.nstack.json.Misfit;

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

    private String version;
    private String fault;

    /** {@link #NONE} in a notification. */
    long id = NONE;

    String method;

    /** Where the params begin; {@link #NONE} where there are none. */
    int params = NONE;

    /** Reads the frame that ends at {@code end}. Throws RpcError -32700 or -32600. */
    static Envelope read(JsonReader in, byte[] bytes, int start, int end) {
        try {
            in.at(bytes, start).skip();
            in.peek();
            if (in.position != end) throw new Malformed("no JSON: there is text after the value");
        } catch (Malformed error) {
            throw new RpcError(RpcError.PARSE_ERROR, error.getMessage());
        }
        Envelope envelope = new Envelope();
        in.at(bytes, start);
        in.depthLimit = Integer.MAX_VALUE;
        envelope.readMembers(in);
        if (envelope.fault == null && !"2.0".equals(envelope.version))
            envelope.fault = "jsonrpc is not 2.0";
        if (envelope.fault == null && envelope.method == null) envelope.fault = "it has no method";
        if (envelope.fault != null)
            throw new RpcError(
                    RpcError.INVALID_REQUEST, "no JSON-RPC 2.0 request: " + envelope.fault);
        return envelope;
    }

    private void readMembers(JsonReader in) {
        if (in.peek() != '{') {
            fault = "it is no object";
            return;
        }
        in.enter('{', "an object");
        if (in.ends('}')) return;
        do {
            int name = in.field(NAMES, 0);
            in.peek();
            int start = in.position;
            try {
                readMember(in, name);
            } catch (Misfit misfit) {
                fault = misfit.getMessage();
            }
            in.position = start;
            in.skip();
        } while (in.more('}'));
    }

    private void readMember(JsonReader in, int name) {
        switch (name) {
            case 0:
                version = in.text();
                break;
            case 1:
                id = in.integer();
                if (id < 0 || id > MOST) throw new Misfit("its id is no number from 0 to " + MOST);
                break;
            case 2:
                method = in.text();
                break;
            case 3:
                params = in.position;
                break;
            default:
        }
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
