package io.nstack.codec;

/**
 * Makes the values of one class of the author's from slots, and takes them apart. Its subclasses
 * are generated, see {@link Accessors}.
 */
public abstract class RecordAccess {
    protected RecordAccess() {}

    public abstract Object make(long[] numbers, Object[] objects);

    public abstract void take(Object value, long[] numbers, Object[] objects);
}
