package io.nstack.json;

/**
 * A value that does not fit its type: why, and the path of the place, built from inside out while
 * it is thrown.
 */
public final class Misfit extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private String path = "";

    public Misfit(String reason) {
        this(reason, null);
    }

    private Misfit(String reason, Throwable refusal) {
        super(reason, refusal, false, false);
    }

    /** What the author's own class refuses: its constructor threw. */
    public static Misfit refused(Throwable refusal) {
        return new Misfit("the code refuses it", refusal);
    }

    /** The same, one step further out: {@code .name} or {@code [2]}. */
    public Misfit inside(String step) {
        path = step + path;
        return this;
    }

    /** {@code $} is the value itself. */
    public String path() {
        return "$" + path;
    }
}
