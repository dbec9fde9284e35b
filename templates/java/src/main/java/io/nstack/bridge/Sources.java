package io.nstack.bridge;

import io.nstack.codec.Accessors;
import io.nstack.codec.Codec;
import io.nstack.codec.Codecs;
import io.nstack.codec.Declared;
import io.nstack.json.FieldNames;
import io.nstack.json.JsonReader;
import io.nstack.json.JsonWriter;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The sources among a service's functions: what {@code next} and {@code ack} ask of them. */
final class Sources {
    private static final FieldNames NAMES =
            new FieldNames(new String[] {"function", "credit", "position"});

    private final Server.Later later;
    private final Predicate<String> isSource;

    /** By name; those that were asked. */
    private final Map<String, Emitter> emitters = new ConcurrentHashMap<>();

    private Code code;
    private Initialize wanted;

    /**
     * @param later takes, from any thread, the answer to a {@code next} that had to wait
     * @param isSource whether a function is one; throws RpcError where there is none of that name
     */
    Sources(Server.Later later, Predicate<String> isSource) {
        this.later = later;
        this.isSource = isSource;
    }

    /** The service has been started. */
    void serve(Code started, Initialize as) {
        code = started;
        wanted = as;
    }

    /** Whether it was a {@code next} that waited. */
    boolean cancel(long id) {
        for (Emitter emitter : emitters.values()) {
            if (emitter.cancel(id)) return true;
        }
        return false;
    }

    static RpcError cancelledInVain() {
        return new RpcError(RpcError.CANCELLED, "cancelled before there was an item");
    }

    /** Ends all of them, and answers those that wait. */
    void stop() {
        for (Emitter emitter : emitters.values()) {
            long id = emitter.stop();
            if (id != Envelope.NONE)
                later.write(Answers.error(new JsonWriter(256), id, cancelledInVain()));
        }
        emitters.clear();
    }

    /** False where it is answered later. */
    boolean next(JsonWriter out, long id, JsonReader params) {
        int[] places = askedOf(params);
        Emitter emitter = emitter(params.text());
        if (!Envelope.goTo(params, places[1])) throw wrongCredit();
        long credit = params.integer();
        if (credit < 1 || credit > Emitter.MOST_CREDIT) throw wrongCredit();
        boolean begins = Envelope.goTo(params, places[2]) && params.peek() != 'n';
        return emitter.next(out, id, (int) credit, begins ? params : null);
    }

    private static RpcError wrongCredit() {
        return new RpcError(
                RpcError.INVALID_PARAMS, "a credit is a number from 1 to " + Emitter.MOST_CREDIT);
    }

    void ack(JsonReader params) {
        int[] places = askedOf(params);
        String function = params.text();
        emitter(function);
        if (!Envelope.goTo(params, places[2]))
            throw new RpcError(RpcError.INVALID_PARAMS, "an ack has a position");
        params.depth = 0;
        params.depthLimit = wanted.limits().depth();
        try {
            code.ack(function, params);
        } catch (Throwable error) {
            throw RpcError.told(error);
        }
    }

    /** The members of the one object in a list, at the first of them. */
    private static int[] askedOf(JsonReader params) {
        params.depth = 0;
        if (params.peek() != '[')
            throw new RpcError(RpcError.INVALID_PARAMS, "params are a list of one object");
        params.position++;
        if (params.peek() != '{')
            throw new RpcError(RpcError.INVALID_PARAMS, "params are a list of one object");
        int[] places = Envelope.places(params, NAMES);
        if (!Envelope.goTo(params, places[0]))
            throw new RpcError(RpcError.INVALID_PARAMS, "it names no function");
        return places;
    }

    private Emitter emitter(String name) {
        Emitter found = emitters.get(name);
        if (found != null) return found;
        if (!isSource.test(name))
            throw new RpcError(
                    RpcError.METHOD_NOT_FOUND,
                    name + " is no source: it returns no Iterator and no Stream");
        // It is used by a thread of its own, and codecs are not for several.
        Codecs own = new Codecs(new Accessors(null));
        Function function =
                new Code(code.service(), own, code.owner())
                        .function(name, wanted.api().get(name));
        Codec anything = own.ofItem(Object.class, Declared.NOTHING);
        found = new Emitter(function, code.owner(), wanted.limits(), anything, later);
        emitters.put(name, found);
        return found;
    }
}
