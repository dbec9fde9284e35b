package io.nstack.json;

/** Bytes that are no JSON, or no UTF-8. */
public final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Malformed(String reason) {
        super(reason, null, false, false);
    }
}
