package io.nstack.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A declared type of the API, as the JSON Schema in which initialize tells it, or nothing. Java
 * code states its own types, so that it is asked only what Java cannot say: whether a record stands
 * for a tuple, and whether a case of a sum wraps its payload.
 */
public final class Declared {
    public static final Declared NOTHING = new Declared(null);

    private final Map<?, ?> schema;

    public Declared(Object schema) {
        this.schema = schema instanceof Map<?, ?> map ? map : null;
    }

    private Object get(String key) {
        return schema == null ? null : schema.get(key);
    }

    /** Void: the whole input of a source. */
    public boolean isVoid() {
        return get("not") != null;
    }

    /** The item of a list or a map. */
    Declared item() {
        Object items = get("items");
        return new Declared(items instanceof Map<?, ?> ? items : get("additionalProperties"));
    }

    /** What is optional; the type itself where it is not. */
    Declared present() {
        return get("anyOf") instanceof List<?> list && !list.isEmpty()
                ? new Declared(list.get(0))
                : this;
    }

    /** The parts of a tuple; null where it is none. */
    public List<Declared> parts() {
        if (!(get("prefixItems") instanceof List<?> list)) return null;
        List<Declared> parts = new ArrayList<>();
        for (Object part : list) parts.add(new Declared(part));
        return parts;
    }

    boolean isRecord() {
        return get("properties") != null;
    }

    Declared field(String name) {
        return new Declared(
                get("properties") instanceof Map<?, ?> fields ? fields.get(name) : null);
    }

    /** The payload of a case. */
    Declared payload(String name) {
        if (get("oneOf") instanceof List<?> cases) {
            for (Object one : cases) {
                Declared payload = new Declared(one).field(name);
                if (payload.schema != null) return payload;
            }
        }
        return NOTHING;
    }
}
