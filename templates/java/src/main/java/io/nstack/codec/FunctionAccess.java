package io.nstack.codec;

/** Calls one method of the author's. Its subclasses are generated, see {@link Accessors}. */
public abstract class FunctionAccess {
    protected FunctionAccess() {}

    /**
     * Calls it with the arguments in the slots from {@code from} on; what it gives goes into the
     * slot {@code to} of the results.
     */
    public abstract void call(
            Object owner,
            long[] numbers,
            Object[] objects,
            int from,
            long[] resultNumbers,
            Object[] resultObjects,
            int to)
            throws Throwable;
}
