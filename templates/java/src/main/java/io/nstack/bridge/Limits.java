package io.nstack.bridge;

/**
 * @param message bytes of the largest input or result
 * @param depth how deep one may nest
 */
record Limits(int message, int depth) {
    static final Limits DEFAULT = new Limits(16 << 20, 256);

    /**
     * Bytes that all results of a block may have beyond those of one: what a frame holds is
     * bounded.
     */
    static final int BLOCK = 8 << 20;

    /**
     * Bytes of all the failures of one answer; beyond it each is told in brief, without its stack.
     */
    static final int FAILED = 4 << 20;
}
