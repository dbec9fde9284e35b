package io.nstack.codec;

import io.nstack.json.FieldNames;
import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;

import java.nio.charset.StandardCharsets;

/** A sealed interface: an object with the case's name as its one key. */
final class SumCodec extends Codec {
    /**
     * One case.
     *
     * @param payload what the key holds: the record itself, or the one component of a class that
     *     wraps it; null for a case of ()
     * @param wrapper makes the case of its payload, and for a case of () of nothing; null where the
     *     payload is the case
     */
    record Case(String name, Class<?> kind, Codec payload, RecordAccess wrapper) {}

    private final String title;
    private final Case[] cases;
    private final FieldNames names;
    private final byte[][] heads;
    private final long[] numbers = new long[1];
    private final Object[] objects = new Object[1];

    SumCodec(String title, Case[] cases) {
        this.title = title;
        this.cases = cases;
        String[] words = new String[cases.length];
        heads = new byte[cases.length][];
        for (int index = 0; index < cases.length; index++) {
            words[index] = cases[index].name();
            heads[index] = ("\"" + words[index] + "\":").getBytes(StandardCharsets.UTF_8);
        }
        names = new FieldNames(words);
    }

    @Override
    public Object read(JsonReader in) {
        Object value = null;
        Misfit fault = null;
        int chosen = -1;
        in.enter('{', title);
        if (in.ends('}')) throw new Misfit("expected one case of " + title + ", found none");
        do {
            int index = in.field(names, 0);
            if (index < 0) throw new Misfit("unknown case of " + title);
            if (chosen >= 0 && chosen != index)
                throw new Misfit("expected one case of " + title + ", found several");
            chosen = index;
            int start = in.position;
            int depth = in.depth;
            try {
                value = readCase(in, cases[index]);
                fault = null;
            } catch (Misfit misfit) {
                in.skipMisfit(start, depth);
                fault = misfit.inside("." + cases[index].name());
            }
        } while (in.more('}'));
        if (fault != null) throw fault;
        return value;
    }

    private Object readCase(JsonReader in, Case one) {
        if (one.payload() == null) in.readNull();
        else if (one.wrapper() == null) return one.payload().read(in);
        else one.payload().readInto(in, numbers, objects, 0);
        try {
            return one.wrapper().make(numbers, objects);
        } catch (Throwable error) {
            throw Misfit.refused(error);
        }
    }

    @Override
    public void write(JsonWriter out, Object value) {
        Scalars.present(value, title);
        Class<?> kind = value.getClass();
        int index = 0;
        while (index < cases.length && cases[index].kind() != kind) index++;
        if (index == cases.length)
            throw new Misfit("expected one case of " + title + ", found " + kind.getSimpleName());
        Case one = cases[index];
        out.enter('{');
        out.raw(heads[index]);
        try {
            if (one.payload() == null) {
                out.nothing();
            } else if (one.wrapper() == null) {
                one.payload().write(out, value);
            } else {
                one.wrapper().take(value, numbers, objects);
                one.payload().writeFrom(out, numbers, objects, 0);
            }
        } catch (Misfit misfit) {
            throw misfit.inside("." + one.name());
        }
        out.leave('}');
    }

    @Override
    public void describe(JsonWriter out) {
        out.raw("{\"oneOf\":[");
        for (int index = 0; index < cases.length; index++) {
            Case one = cases[index];
            out.raw(
                    index == 0
                            ? "{\"type\":\"object\",\"properties\":{"
                            : ",{\"type\":\"object\",\"properties\":{");
            out.raw(heads[index]);
            if (one.payload() == null) out.raw("{\"type\":\"null\"}");
            else one.payload().describe(out);
            out.raw("},\"required\":[");
            out.text(one.name());
            out.raw("],\"additionalProperties\":false}");
        }
        out.raw("],\"title\":");
        out.text(title);
        out.put('}');
    }
}
