package io.nstack.codec;

import io.nstack.json.FieldNames;
import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;

import java.nio.charset.StandardCharsets;

/** The codecs of records, and of records that stand for tuples. */
final class Records {
    private Records() {}

    /** What both have: parts in order, and the author's class that they are taken from. */
    abstract static class Parts extends Codec {
        final String title;
        final String[] names;
        final Codec[] codecs;
        private final RecordAccess access;
        final long[] numbers;
        final Object[] objects;
        private boolean writing;

        Parts(String title, String[] names, Codec[] codecs, RecordAccess access) {
            this.title = title;
            this.names = names;
            this.codecs = codecs;
            this.access = access;
            numbers = new long[codecs.length];
            objects = new Object[codecs.length];
        }

        final Object make() {
            try {
                return access.make(numbers, objects);
            } catch (Misfit misfit) {
                throw misfit;
            } catch (Throwable error) {
                throw Misfit.refused(error);
            }
        }

        @Override
        public final void write(JsonWriter out, Object value) {
            Scalars.present(value, title);
            // A Json field may hold another record of the same class.
            long[] takenNumbers = writing ? new long[numbers.length] : numbers;
            Object[] takenObjects = writing ? new Object[objects.length] : objects;
            boolean outermost = !writing;
            writing = true;
            try {
                access.take(value, takenNumbers, takenObjects);
                writeParts(out, takenNumbers, takenObjects);
            } finally {
                if (outermost) writing = false;
            }
        }

        abstract void writeParts(JsonWriter out, long[] takenNumbers, Object[] takenObjects);
    }

    static final class RecordCodec extends Parts {
        private final FieldNames fieldNames;
        private final byte[][] heads;
        private final int[] seenAt;
        private int reading;

        RecordCodec(String title, String[] names, Codec[] codecs, RecordAccess access) {
            super(title, names, codecs, access);
            fieldNames = new FieldNames(names);
            seenAt = new int[names.length];
            heads = new byte[names.length][];
            for (int index = 0; index < names.length; index++)
                heads[index] =
                        ((index == 0 ? "\"" : ",\"") + names[index] + "\":")
                                .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object read(JsonReader in) {
            int now = ++reading;
            int seen = 0;
            Misfit[] faults = null;
            in.enter('{', title);
            if (!in.ends('}')) {
                int guess = 0;
                do {
                    int index = in.field(fieldNames, guess);
                    if (index < 0) {
                        in.skipUncounted();
                        continue;
                    }
                    guess = index + 1;
                    if (seenAt[index] != now) {
                        seenAt[index] = now;
                        seen++;
                    }
                    int start = in.position;
                    int depth = in.depth;
                    try {
                        codecs[index].readInto(in, numbers, objects, index);
                        if (faults != null) faults[index] = null;
                    } catch (Misfit misfit) {
                        in.skipMisfit(start, depth);
                        if (faults == null) faults = new Misfit[names.length];
                        faults[index] = misfit.inside("." + names[index]);
                    }
                } while (in.more('}'));
            }
            if (faults != null) throwFirst(faults);
            if (seen < names.length) fillAbsent(now);
            return make();
        }

        private static void throwFirst(Misfit[] faults) {
            for (Misfit misfit : faults) {
                if (misfit != null) throw misfit;
            }
        }

        private void fillAbsent(int now) {
            for (int index = 0; index < names.length; index++) {
                if (seenAt[index] == now) continue;
                if (!codecs[index].isOptional())
                    throw new Misfit("no field \"" + names[index] + "\"");
                objects[index] = codecs[index].absent();
            }
        }

        @Override
        void writeParts(JsonWriter out, long[] takenNumbers, Object[] takenObjects) {
            int index = 0;
            out.enter('{');
            try {
                for (; index < codecs.length; index++) {
                    out.raw(heads[index]);
                    codecs[index].writeFrom(out, takenNumbers, takenObjects, index);
                }
            } catch (Misfit misfit) {
                throw misfit.inside("." + names[index]);
            }
            out.leave('}');
        }

        @Override
        public void describe(JsonWriter out) {
            out.raw("{\"type\":\"object\",\"properties\":{");
            for (int index = 0; index < names.length; index++) {
                out.raw(heads[index]);
                codecs[index].describe(out);
            }
            out.raw("},\"required\":[");
            boolean first = true;
            for (int index = 0; index < names.length; index++) {
                if (codecs[index].isOptional()) continue;
                if (!first) out.put(',');
                first = false;
                out.text(names[index]);
            }
            out.raw("],\"title\":");
            out.text(title);
            out.put('}');
        }
    }

    /** An array, its parts taken by position. */
    static final class TupleCodec extends Parts {
        TupleCodec(String title, String[] names, Codec[] codecs, RecordAccess access) {
            super(title, names, codecs, access);
        }

        @Override
        public Object read(JsonReader in) {
            readTuple(in, codecs, numbers, objects, 0);
            return make();
        }

        @Override
        void writeParts(JsonWriter out, long[] takenNumbers, Object[] takenObjects) {
            int index = 0;
            out.enter('[');
            try {
                for (; index < codecs.length; index++) {
                    if (index > 0) out.put(',');
                    codecs[index].writeFrom(out, takenNumbers, takenObjects, index);
                }
            } catch (Misfit misfit) {
                throw misfit.inside("[" + index + "]");
            }
            out.leave(']');
        }

        @Override
        public void describe(JsonWriter out) {
            out.raw("{\"type\":\"array\",\"prefixItems\":[");
            for (int index = 0; index < codecs.length; index++) {
                if (index > 0) out.put(',');
                codecs[index].describe(out);
            }
            out.raw("],\"items\":false,\"minItems\":");
            out.integer(codecs.length);
            out.put('}');
        }
    }

    /** Reads an array of exactly these parts into the slots from {@code from} on. */
    static void readTuple(
            JsonReader in, Codec[] codecs, long[] numbers, Object[] objects, int from) {
        int index = 0;
        in.enter('[', "a list");
        boolean more = !in.ends(']');
        try {
            for (; more && index < codecs.length; index++) {
                codecs[index].readInto(in, numbers, objects, from + index);
                more = in.more(']');
            }
        } catch (Misfit misfit) {
            throw misfit.inside("[" + index + "]");
        }
        if (more || index < codecs.length)
            throw new Misfit(
                    "expected a list of "
                            + codecs.length
                            + ", found "
                            + (more ? "a longer one" : "one of " + index));
    }
}
