package io.nstack.codec;

import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;
import io.nstack.json.Misfit;

/** A Java type that the language of types does not have. */
final class UnsupportedCodec extends Codec {
    private final String text;
    private final String reason;

    UnsupportedCodec(String text, String reason) {
        this.text = text;
        this.reason = reason;
    }

    private Misfit fault() {
        return new Misfit(text + " is outside the type language: " + reason);
    }

    @Override
    public Object read(JsonReader in) {
        throw fault();
    }

    @Override
    public void write(JsonWriter out, Object value) {
        throw fault();
    }

    @Override
    public void describe(JsonWriter out) {
        out.raw("{\"x-nstack\":\"unsupported\",\"text\":");
        out.text(text);
        out.raw(",\"reason\":");
        out.text(reason);
        out.put('}');
    }
}
