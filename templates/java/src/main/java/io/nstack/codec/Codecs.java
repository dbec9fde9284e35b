package io.nstack.codec;

import io.nstack.codec.Accessors.Part;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Makes the codec of a Java type. */
public final class Codecs {
    private static final int MOST_PARTS = 250;
    private final Accessors accessors;
    private final Map<Class<?>, Codec> scalars = new HashMap<>();

    /** Records that were found where the code says Object. */
    private final Map<Class<?>, Codec> found = new HashMap<>();

    /** The classes whose parts are being read, the innermost first: types are finite. */
    private Above above;

    public Codecs(Accessors accessors) {
        this.accessors = accessors;
        integer(long.class, Long.class, "long", Long.MIN_VALUE, Long.MAX_VALUE);
        integer(int.class, Integer.class, "int", Integer.MIN_VALUE, Integer.MAX_VALUE);
        integer(short.class, Short.class, "short", Short.MIN_VALUE, Short.MAX_VALUE);
        integer(byte.class, Byte.class, "byte", Byte.MIN_VALUE, Byte.MAX_VALUE);
        scalars.put(BigInteger.class, new Scalars.BigIntegerCodec());
        both(double.class, Double.class, new Scalars.DoubleCodec());
        both(float.class, Float.class, new Scalars.FloatCodec());
        both(boolean.class, Boolean.class, new Scalars.BooleanCodec());
        scalars.put(void.class, new Scalars.UnitCodec());
        scalars.put(Void.class, scalars.get(void.class));
        scalars.put(String.class, new Scalars.TextCodec());
        scalars.put(byte[].class, new Scalars.BytesCodec());
        scalars.put(Instant.class, new Scalars.InstantCodec());
        scalars.put(OffsetDateTime.class, new Scalars.OffsetDateTimeCodec());
        scalars.put(Object.class, new JsonCodec(this));
        scalars.put(OptionalLong.class, new Optionals.OptionalLongCodec(scalars.get(long.class)));
        scalars.put(OptionalInt.class, new Optionals.OptionalIntCodec(scalars.get(int.class)));
        scalars.put(
                OptionalDouble.class, new Optionals.OptionalDoubleCodec(scalars.get(double.class)));
    }

    private void integer(Class<?> primitive, Class<?> boxed, String name, long least, long most) {
        both(primitive, boxed, new Scalars.IntegerCodec(name, least, most));
    }

    private void both(Class<?> primitive, Class<?> boxed, Codec codec) {
        scalars.put(primitive, codec);
        scalars.put(boxed, new Scalars.Boxed(codec));
    }

    /**
     * Of a type as it is written at a parameter, a method or a component: with a mark of that place
     * that it may be null.
     */
    public Codec of(Type type, AnnotatedElement place, AnnotatedType annotated, Declared declared) {
        boolean nullable = isNullable(place) || (annotated != null && isNullable(annotated));
        return of(type, nullable, Map.of(), declared);
    }

    /** Of what a source gives one by one. */
    public Codec ofItem(Type type, Declared declared) {
        return of(type, Map.of(), declared);
    }

    /** The codec of Json: of any value that has a JSON. */
    public static Codec ofAny() {
        return new JsonCodec(new Codecs(new Accessors(null)));
    }

    /** Of a record that a value turned out to be. */
    Codec of(Class<?> kind) {
        Codec known = found.get(kind);
        if (known == null) {
            known = of(kind, Map.of(), Declared.NOTHING);
            found.put(kind, known);
        }
        return known;
    }

    /** The codec of a list's or an array's items; null where the type is none. */
    public Codec ofItems(Type type, Declared declared) {
        if (type instanceof Class<?> kind && kind.isArray() && kind != byte[].class)
            return of(kind.getComponentType(), Map.of(), declared);
        if (type instanceof GenericArrayType array)
            return of(array.getGenericComponentType(), Map.of(), declared);
        if (type instanceof ParameterizedType generic && isList((Class<?>) generic.getRawType()))
            return of(generic.getActualTypeArguments()[0], Map.of(), declared);
        return null;
    }

    private Codec of(
            Type type, boolean nullable, Map<TypeVariable<?>, Argument> variables, Declared declared) {
        if (!nullable) return of(type, variables, declared);
        Codec item = of(type, variables, declared);
        return item.isOptional()
                        || item instanceof JsonCodec
                        || item instanceof UnsupportedCodec
                        || isPrimitive(type)
                ? item
                : new Optionals.NullableCodec(item);
    }

    private static boolean isPrimitive(Type type) {
        return type instanceof Class<?> kind && kind.isPrimitive();
    }

    /**
     * @param declared where it is optional, what is optional: that is said by the code, perhaps in
     *     another place
     */
    private Codec of(Type type, Map<TypeVariable<?>, Argument> variables, Declared declared) {
        declared = declared.present();
        if (type instanceof Class<?> kind) return ofClass(kind, declared);
        if (type instanceof ParameterizedType generic)
            return ofGeneric(generic, variables, declared);
        if (type instanceof GenericArrayType array)
            return new Containers.ArrayCodec(
                    erased(array.getGenericComponentType(), variables),
                    of(array.getGenericComponentType(), variables, declared.item()));
        if (type instanceof TypeVariable<?>) {
            Argument argument = variables.get(type);
            return argument == null
                    ? unsupported(type, "its type is not known before it is called")
                    : ofArgument(argument, declared);
        }
        if (type instanceof WildcardType)
            return unsupported(type, "a wildcard is no one type; write the type itself");
        return unsupported(type, "it is outside the type language");
    }

    private Codec ofClass(Class<?> kind, Declared declared) {
        Codec scalar = scalars.get(kind);
        if (scalar != null) return scalar;
        if (kind.isArray()) {
            if (kind.getComponentType() == char.class) return unsupported(kind, "use String");
            return new Containers.ArrayCodec(
                    kind.getComponentType(),
                    of(kind.getComponentType(), Map.of(), declared.item()));
        }
        if (kind.getTypeParameters().length > 0)
            return unsupported(kind, "its type arguments are missing, as in List<String>");
        return ofOwn(kind, kind, Map.of(), declared);
    }

    private static boolean isList(Class<?> raw) {
        return raw == List.class
                || raw == Collection.class
                || raw == ArrayList.class
                || raw == Iterable.class;
    }

    private Codec ofGeneric(
            ParameterizedType generic, Map<TypeVariable<?>, Argument> variables, Declared declared) {
        Class<?> raw = (Class<?>) generic.getRawType();
        Type[] arguments = generic.getActualTypeArguments();
        if (isList(raw))
            return new Containers.ListCodec(of(arguments[0], variables, declared.item()));
        if (raw == Map.class || raw == HashMap.class || raw == java.util.LinkedHashMap.class) {
            if (arguments[0] != String.class)
                return unsupported(generic, "the keys of a Map are Text (String)");
            return new Containers.MapCodec(of(arguments[1], variables, declared.item()));
        }
        if (raw == Optional.class) {
            Codec item = of(arguments[0], variables, declared);
            if (item instanceof UnsupportedCodec) return item;
            return item.isOptional() || item instanceof JsonCodec
                    ? unsupported(generic, "what is optional must not itself be null")
                    : new Optionals.OptionalCodec(item);
        }
        Map<TypeVariable<?>, Argument> bound = new HashMap<>();
        TypeVariable<?>[] parameters = raw.getTypeParameters();
        for (int index = 0; index < parameters.length; index++)
            bound.put(parameters[index], new Argument(arguments[index], variables, above));
        return ofOwn(generic, raw, bound, declared);
    }

    /** What a type variable stands for, read as if it were where it is written. */
    private Codec ofArgument(Argument argument, Declared declared) {
        Above here = above;
        above = argument.above();
        try {
            return of(argument.type(), argument.variables(), declared);
        } finally {
            above = here;
        }
    }

    private static Class<?> erased(Type type, Map<TypeVariable<?>, Argument> variables) {
        if (type instanceof Class<?> kind) return kind;
        if (type instanceof ParameterizedType generic) return (Class<?>) generic.getRawType();
        if (type instanceof TypeVariable<?> variable)
            return variables.get(variable) instanceof Argument argument
                    ? erased(argument.type(), argument.variables())
                    : Object.class;
        return Object.class;
    }

    /** A class of the author's. */
    private Codec ofOwn(
            Type type, Class<?> kind, Map<TypeVariable<?>, Argument> variables, Declared declared) {
        String known = Reasons.of(kind);
        if (known != null) return unsupported(type, known);
        if (Above.holds(above, kind))
            return unsupported(type, "it refers to itself, and types are finite");
        if (kind.isMemberClass() && !Modifier.isStatic(kind.getModifiers()))
            return unsupported(type, "an inner class is no record; make it static");
        Above here = above;
        above = new Above(kind, here);
        try {
            return kind.isSealed()
                    ? ofSum(type, kind, declared)
                    : ofRecord(type, kind, variables, declared);
        } finally {
            above = here;
        }
    }

    private Codec ofRecord(
            Type type, Class<?> kind, Map<TypeVariable<?>, Argument> variables, Declared declared) {
        List<Field> fields = kind.isRecord() ? components(kind) : Beans.fields(kind);
        if (fields == null)
            return unsupported(
                    type,
                    "a class is a record where it is a record, or has public fields or getters and"
                        + " setters and a constructor without arguments");
        if (fields.size() > MOST_PARTS)
            return unsupported(type, "it has more than " + MOST_PARTS + " components");
        List<Declared> tuple = declared.parts();
        if (tuple != null && tuple.size() != fields.size()) tuple = null;
        String[] names = new String[fields.size()];
        Codec[] codecs = new Codec[fields.size()];
        List<Part> parts = new ArrayList<>();
        for (int index = 0; index < codecs.length; index++) {
            Field field = fields.get(index);
            names[index] = field.part().name();
            Declared part = tuple == null ? declared.field(names[index]) : tuple.get(index);
            codecs[index] = of(field.type(), field.nullable(), variables, part);
            parts.add(field.part());
        }
        RecordAccess access = accessors.ofRecord(kind, parts, kind.isRecord());
        return tuple == null
                ? new Records.RecordCodec(kind.getSimpleName(), names, codecs, access)
                : new Records.TupleCodec(kind.getSimpleName(), names, codecs, access);
    }

    /**
     * A type argument, and where it is written: what type variables stand for there, and in which
     * classes that is.
     */
    private record Argument(Type type, Map<TypeVariable<?>, Argument> variables, Above above) {}

    /** A class whose parts are being read, and those that it stands in, or null. */
    private record Above(Class<?> kind, Above next) {
        static boolean holds(Above above, Class<?> kind) {
            for (; above != null; above = above.next) {
                if (above.kind == kind) return true;
            }
            return false;
        }
    }

    /** A part of a record, with its type. */
    record Field(Part part, Type type, boolean nullable) {}

    private static List<Field> components(Class<?> kind) {
        List<Field> fields = new ArrayList<>();
        for (RecordComponent component : kind.getRecordComponents()) {
            Part part =
                    new Part(
                            component.getName(),
                            component.getType(),
                            component.getAccessor(),
                            null);
            boolean nullable =
                    !component.getType().isPrimitive()
                            && (isNullable(component) || isNullable(component.getAnnotatedType()));
            fields.add(new Field(part, component.getGenericType(), nullable));
        }
        return fields;
    }

    static boolean isNullable(AnnotatedElement place) {
        for (Annotation annotation : place.getAnnotations()) {
            if (annotation.annotationType().getSimpleName().equals("Nullable")) return true;
        }
        return false;
    }

    private Codec ofSum(Type type, Class<?> kind, Declared declared) {
        if (!kind.isInterface() && !Modifier.isAbstract(kind.getModifiers()))
            return unsupported(type, "a sum is a sealed interface");
        List<Class<?>> kinds = new ArrayList<>();
        gather(kind, kinds);
        SumCodec.Case[] cases = new SumCodec.Case[kinds.size()];
        for (int index = 0; index < cases.length; index++) {
            Class<?> one = kinds.get(index);
            if (one.isEnum()
                    || one.isInterface()
                    || Modifier.isAbstract(one.getModifiers())
                    || one.getTypeParameters().length > 0)
                return unsupported(
                        type,
                        one.getSimpleName()
                                + " is no case of a sum: each is a record that is named after its"
                                + " case");
            Codec payload = ofOwn(one, one, Map.of(), declared.payload(one.getSimpleName()));
            if (payload instanceof UnsupportedCodec) return payload;
            cases[index] = caseOf(one, payload, declared.payload(one.getSimpleName()));
        }
        return new SumCodec(kind.getSimpleName(), cases);
    }

    private SumCodec.Case caseOf(Class<?> one, Codec payload, Declared declared) {
        List<Field> fields = one.isRecord() ? components(one) : Beans.fields(one);
        String name = one.getSimpleName();
        List<Part> parts = new ArrayList<>();
        for (Field field : fields) parts.add(field.part());
        if (parts.isEmpty())
            return new SumCodec.Case(
                    name, one, null, accessors.ofRecord(one, parts, one.isRecord()));
        if (parts.size() > 1 || !parts.get(0).name().equals("value") || declared.isRecord())
            return new SumCodec.Case(name, one, payload, null);
        Field only = fields.get(0);
        return new SumCodec.Case(
                name,
                one,
                of(only.type(), only.nullable(), Map.of(), declared),
                accessors.ofRecord(one, parts, one.isRecord()));
    }

    private static void gather(Class<?> kind, List<Class<?>> into) {
        for (Class<?> one : kind.getPermittedSubclasses()) {
            if (one.isSealed() && !one.isEnum()) gather(one, into);
            else into.add(one);
        }
    }

    /** A type as its author would write it, without packages. */
    public static String textOf(Type type) {
        if (type instanceof Class<?> kind) return kind.getSimpleName();
        String text = type.getTypeName();
        StringBuilder plain = new StringBuilder();
        int word = 0;
        for (int index = 0; index < text.length(); index++) {
            char sign = text.charAt(index);
            if (sign == '.' || sign == '$') {
                plain.setLength(word);
                continue;
            }
            plain.append(sign);
            if (!Character.isJavaIdentifierPart(sign)) word = plain.length();
        }
        return plain.toString();
    }

    private static Codec unsupported(Type type, String reason) {
        return new UnsupportedCodec(textOf(type), reason);
    }
}
