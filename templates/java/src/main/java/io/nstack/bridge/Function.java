package io.nstack.bridge;

import io.nstack.Positioned;
import io.nstack.Vectorised;
import io.nstack.codec.Codec;
import io.nstack.codec.Codecs;
import io.nstack.codec.Declared;
import io.nstack.json.JsonWriter;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

/** A method of the author's with the codecs of its types. */
final class Function {
    final Method method;
    final boolean vectorised;

    /** Gives items one after the other; its one parameter is where it goes on. */
    final boolean source;

    /**
     * How many values one message of it holds in a call: as the API declares, else as many as the
     * method has parameters.
     */
    final int arity;

    /** One for each parameter; of a vectorised function that of one message. */
    final Codec[] inputs;

    final Codec output;
    private final String fault;

    /**
     * @param fault why it cannot be served; null where it can
     */
    Function(Method method, Codecs codecs, DeclaredFunction declared, String fault) {
        this.method = method;
        source = isSource(method, declared);
        vectorised = !source && method.isAnnotationPresent(Vectorised.class);
        Parameter[] parameters = method.getParameters();
        arity = declared == null ? parameters.length : declared.arity();
        // What a position is, the API does not say.
        Declared whole = declared == null || source ? Declared.NOTHING : declared.input();
        List<Declared> parts = parameters.length > 1 ? whole.parts() : null;
        inputs = new Codec[parameters.length];
        for (int index = 0; index < inputs.length; index++) {
            Declared part =
                    parameters.length == 1
                            ? whole
                            : parts != null && parts.size() == inputs.length
                                    ? parts.get(index)
                                    : Declared.NOTHING;
            inputs[index] = inputOf(codecs, parameters[index], part);
        }
        Declared result = declared == null ? Declared.NOTHING : declared.output();
        Codec items =
                source
                        ? codecs.ofItem(itemType(method.getGenericReturnType()), result)
                        : vectorised ? codecs.ofItems(method.getGenericReturnType(), result) : null;
        if (items == null) {
            AnnotatedType annotated =
                    method.getReturnType().isPrimitive() ? null : method.getAnnotatedReturnType();
            items = codecs.of(method.getGenericReturnType(), method, annotated, result);
        }
        output = items;
        this.fault = fault != null ? fault : shapeFault(method, codecs);
    }

    private Codec inputOf(Codecs codecs, Parameter parameter, Declared declared) {
        Codec items =
                vectorised ? codecs.ofItems(parameter.getParameterizedType(), declared) : null;
        if (items != null) return items;
        AnnotatedType annotated =
                parameter.getType().isPrimitive() ? null : parameter.getAnnotatedType();
        return codecs.of(parameter.getParameterizedType(), parameter, annotated, declared);
    }

    /** Whether a method gives items one by one, as its type says or, of a list, the API. */
    private static boolean isSource(Method method, DeclaredFunction declared) {
        Class<?> given = method.getReturnType();
        if (given == Iterator.class || given == Stream.class) return true;
        return declared != null && declared.input().isVoid() && isGoneThrough(given);
    }

    private static boolean isGoneThrough(Class<?> given) {
        return Iterator.class.isAssignableFrom(given)
                || Stream.class.isAssignableFrom(given)
                || Iterable.class.isAssignableFrom(given)
                || given.isArray();
    }

    /** The T of {@code Iterator<T>} and {@code Iterator<Positioned<T>>}. */
    private static Type itemType(Type given) {
        if (given instanceof Class<?> kind && kind.isArray()) return kind.getComponentType();
        if (given instanceof GenericArrayType array) return array.getGenericComponentType();
        if (!(given instanceof ParameterizedType generic)) return Object.class;
        Type item = generic.getActualTypeArguments()[0];
        if (item == Positioned.class) return Object.class;
        return item instanceof ParameterizedType inner && inner.getRawType() == Positioned.class
                ? inner.getActualTypeArguments()[0]
                : item;
    }

    /** Calls a source: what can be gone through. A null for a primitive is 0. */
    Object begin(Object owner, Object position) throws Throwable {
        method.setAccessible(true);
        try {
            if (inputs.length == 0) return method.invoke(owner);
            Class<?> taken = method.getParameterTypes()[0];
            boolean none = position == null && taken.isPrimitive();
            return method.invoke(
                    owner, none ? Array.get(Array.newInstance(taken, 1), 0) : position);
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    static Iterator<?> iterator(Object given) {
        if (given instanceof Iterator<?> items) return items;
        if (given instanceof BaseStream<?, ?> stream) return stream.iterator();
        if (given instanceof Iterable<?> items) return items.iterator();
        if (given != null && given.getClass().isArray()) {
            List<Object> items = new ArrayList<>();
            for (int index = 0; index < Array.getLength(given); index++)
                items.add(Array.get(given, index));
            return items.iterator();
        }
        throw new RpcError(
                RpcError.SERVICE_ERROR, "the source gave null, where items are gone through");
    }

    private String shapeFault(Method one, Codecs codecs) {
        if (source)
            return inputs.length > 1
                    ? "a source takes no argument, or the position from which it goes on"
                    : null;
        if (!vectorised) return null;
        boolean fits =
                one.getParameterCount() == 1
                        && codecs.ofItems(one.getGenericParameterTypes()[0], Declared.NOTHING)
                                != null
                        && codecs.ofItems(one.getGenericReturnType(), Declared.NOTHING) != null;
        return fits ? null : "a vectorised function takes one list and gives one";
    }

    String name() {
        return method.getName();
    }

    /** Null where it can be served. */
    String fault() {
        return fault;
    }

    /** Writes the function's OpenRPC method object. */
    void describe(JsonWriter out, Places.Place place) {
        out.raw("{\"name\":");
        out.text(name());
        out.raw(",\"paramStructure\":\"by-position\",\"params\":[");
        Parameter[] parameters = method.getParameters();
        for (int index = 0; index < inputs.length; index++) {
            out.raw(index == 0 ? "{\"name\":" : ",{\"name\":");
            out.text(parameters[index].getName());
            out.raw(",\"required\":true,\"schema\":");
            describeType(out, inputs[index], vectorised && fault == null);
            out.put('}');
        }
        out.raw("],\"result\":{\"name\":\"result\",\"schema\":");
        if (fault != null) {
            // A function that cannot be served at all is told as a result that is named after it.
            out.raw("{\"x-nstack\":\"unsupported\",\"text\":");
            out.text(name());
            out.raw(",\"reason\":");
            out.text(fault);
            out.put('}');
        } else {
            describeType(out, output, vectorised);
        }
        out.raw("},\"x-nstack\":{");
        if (place != null) place.write(out);
        out.raw("\"vectorised\":");
        out.bool(vectorised);
        out.raw(",\"variadic\":false");
        if (source) out.raw(",\"source\":true");
        out.raw("}}");
    }

    private static void describeType(JsonWriter out, Codec codec, boolean asList) {
        if (asList) out.raw("{\"type\":\"array\",\"items\":");
        codec.describe(out);
        if (asList) out.put('}');
    }

    /** What the API says of a function. */
    record DeclaredFunction(Declared input, Declared output, int arity) {}
}
