package io.nstack.codec;

import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The codecs of lists, arrays and maps. */
final class Containers {
    private Containers() {}

    private static String step(int index) {
        return "[" + index + "]";
    }

    static final class ListCodec extends Codec {
        final Codec item;

        ListCodec(Codec item) {
            this.item = item;
        }

        @Override
        public Object read(JsonReader in) {
            List<Object> values = new ArrayList<>();
            in.enter('[', "a list");
            if (in.ends(']')) return values;
            try {
                do values.add(item.read(in));
                while (in.more(']'));
            } catch (Misfit misfit) {
                throw misfit.inside(step(values.size()));
            }
            return values;
        }

        @Override
        public void write(JsonWriter out, Object value) {
            int index = 0;
            out.enter('[');
            try {
                for (Object one : (Iterable<?>) Scalars.present(value, "a list")) {
                    if (index > 0) out.put(',');
                    item.write(out, one);
                    index++;
                }
            } catch (Misfit misfit) {
                throw misfit.inside(step(index));
            }
            out.leave(']');
        }

        @Override
        public void describe(JsonWriter out) {
            out.raw("{\"type\":\"array\",\"items\":");
            item.describe(out);
            out.put('}');
        }
    }

    /** Arrays of objects and of primitives; those of long and double without boxing. */
    static final class ArrayCodec extends Codec {
        private final Class<?> kind;
        private final Codec item;

        ArrayCodec(Class<?> kind, Codec item) {
            this.kind = kind;
            this.item = item;
        }

        @Override
        public Object read(JsonReader in) {
            in.enter('[', "a list");
            if (in.ends(']')) return Array.newInstance(kind, 0);
            if (kind.isPrimitive()) return readPrimitives(in);
            List<Object> values = new ArrayList<>();
            try {
                do values.add(item.read(in));
                while (in.more(']'));
            } catch (Misfit misfit) {
                throw misfit.inside(step(values.size()));
            }
            return values.toArray((Object[]) Array.newInstance(kind, values.size()));
        }

        private Object readPrimitives(JsonReader in) {
            long[] values = new long[16];
            int count = 0;
            try {
                do {
                    if (count == values.length) values = Arrays.copyOf(values, count * 2);
                    item.readInto(in, values, null, count++);
                } while (in.more(']'));
            } catch (Misfit misfit) {
                throw misfit.inside(step(count - 1));
            }
            if (kind == long.class) return Arrays.copyOf(values, count);
            Object array = Array.newInstance(kind, count);
            for (int index = 0; index < count; index++) set(array, index, values[index]);
            return array;
        }

        private static void set(Object array, int index, long value) {
            if (array instanceof double[] doubles) doubles[index] = Double.longBitsToDouble(value);
            else if (array instanceof int[] ints) ints[index] = (int) value;
            else if (array instanceof float[] floats)
                floats[index] = (float) Double.longBitsToDouble(value);
            else if (array instanceof boolean[] booleans) booleans[index] = value != 0;
            else ((short[]) array)[index] = (short) value;
        }

        @Override
        public void write(JsonWriter out, Object value) {
            int index = 0;
            int count = Array.getLength(Scalars.present(value, "a list"));
            long[] one = new long[1];
            out.enter('[');
            try {
                for (; index < count; index++) {
                    if (index > 0) out.put(',');
                    if (value instanceof Object[] objects) {
                        item.write(out, objects[index]);
                    } else {
                        one[0] = get(value, index);
                        item.writeFrom(out, one, null, 0);
                    }
                }
            } catch (Misfit misfit) {
                throw misfit.inside(step(index));
            }
            out.leave(']');
        }

        private static long get(Object array, int index) {
            if (array instanceof double[] doubles)
                return Double.doubleToRawLongBits(doubles[index]);
            if (array instanceof long[] longs) return longs[index];
            if (array instanceof int[] ints) return ints[index];
            if (array instanceof float[] floats) return Double.doubleToRawLongBits(floats[index]);
            if (array instanceof boolean[] booleans) return booleans[index] ? 1 : 0;
            return ((short[]) array)[index];
        }

        @Override
        public void describe(JsonWriter out) {
            out.raw("{\"type\":\"array\",\"items\":");
            item.describe(out);
            out.put('}');
        }
    }

    static final class MapCodec extends Codec {
        private final Codec item;

        MapCodec(Codec item) {
            this.item = item;
        }

        @Override
        public Object read(JsonReader in) {
            Map<String, Object> values = new LinkedHashMap<>();
            in.enter('{', "an object");
            if (in.ends('}')) return values;
            Map<String, Misfit> faults = null;
            do {
                String key = in.key();
                int start = in.position;
                int depth = in.depth;
                try {
                    values.put(key, item.read(in));
                    if (faults != null) faults.remove(key);
                } catch (Misfit misfit) {
                    in.skipMisfit(start, depth);
                    if (faults == null) faults = new LinkedHashMap<>();
                    faults.put(key, misfit.inside("." + key));
                }
            } while (in.more('}'));
            if (faults != null) {
                for (Misfit misfit : faults.values()) throw misfit;
            }
            return values;
        }

        @Override
        public void write(JsonWriter out, Object value) {
            boolean first = true;
            out.enter('{');
            for (Map.Entry<?, ?> entry :
                    ((Map<?, ?>) Scalars.present(value, "an object")).entrySet()) {
                if (!first) out.put(',');
                first = false;
                String key = JsonCodec.key(entry.getKey());
                out.text(key);
                out.put(':');
                try {
                    item.write(out, entry.getValue());
                } catch (Misfit misfit) {
                    throw misfit.inside("." + key);
                }
            }
            out.leave('}');
        }

        @Override
        public void describe(JsonWriter out) {
            out.raw("{\"type\":\"object\",\"additionalProperties\":");
            item.describe(out);
            out.put('}');
        }
    }
}
