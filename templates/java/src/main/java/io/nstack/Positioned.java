package io.nstack;

/**
 * An item of a source, and where the source stands after it: what has a JSON of up to 16,384 bytes,
 * such as a Long, a String, a Map or a record. After a restart a source that takes an argument gets
 * the position of the last item that it need not give again.
 */
public record Positioned<T>(T item, Object position) {}
