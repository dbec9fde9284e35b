package io.nstack.json;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of a record's fields, ready to be found in bytes: a name and its closing quote are
 * compared eight bytes at a time.
 */
public final class FieldNames {
    private final String[] names;
    private final long[][] words;
    private final long[] lastMask;
    private final int[] lengths;
    private final Map<String, Integer> places;

    public FieldNames(String[] names) {
        this.names = names;
        words = new long[names.length][];
        lastMask = new long[names.length];
        lengths = new int[names.length];
        places = new HashMap<>();
        for (int index = 0; index < names.length; index++) {
            byte[] bytes = (names[index] + '"').getBytes(StandardCharsets.UTF_8);
            int count = (bytes.length + 7) >>> 3;
            byte[] padded = java.util.Arrays.copyOf(bytes, count << 3);
            words[index] = new long[count];
            for (int word = 0; word < count; word++)
                words[index][word] = Words.at(padded, word << 3);
            int rest = bytes.length & 7;
            lastMask[index] = rest == 0 ? -1 : (1L << (rest << 3)) - 1;
            lengths[index] = bytes.length;
            places.put(names[index], index);
        }
    }

    public int size() {
        return names.length;
    }

    public String name(int index) {
        return names[index];
    }

    /** The place of a name; -1 where there is none. */
    int find(String name) {
        Integer place = places.get(name);
        return place == null ? -1 : place;
    }

    /**
     * The bytes of a name with its closing quote, where it stands at {@code at}; 0 where it does
     * not.
     */
    int matches(int index, byte[] bytes, int at) {
        long[] wanted = words[index];
        int last = wanted.length - 1;
        for (int word = 0; word < last; word++, at += 8) {
            if (Words.at(bytes, at) != wanted[word]) return 0;
        }
        return (Words.at(bytes, at) & lastMask[index]) == wanted[last] ? lengths[index] : 0;
    }
}
