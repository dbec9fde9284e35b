package io.nstack.codec;

import io.nstack.codec.Accessors.Part;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/**
 * Classes that are no records and may stand for one: made empty, then filled through public fields
 * or setters.
 */
final class Beans {
    private Beans() {}

    /** The fields in order of definition; null where the class is no record. */
    static List<Codecs.Field> fields(Class<?> kind) {
        if (kind.isInterface()
                || kind.isEnum()
                || kind.isPrimitive()
                || kind.isAnnotation()
                || Modifier.isAbstract(kind.getModifiers())
                || kind.getSuperclass() != Object.class) return null;
        try {
            if (Modifier.isPrivate(kind.getDeclaredConstructor().getModifiers())) return null;
        } catch (NoSuchMethodException none) {
            return null;
        }
        List<Codecs.Field> fields = new ArrayList<>();
        for (java.lang.reflect.Field field : kind.getDeclaredFields()) {
            int modifiers = field.getModifiers();
            if (Modifier.isStatic(modifiers)
                    || Modifier.isTransient(modifiers)
                    || field.isSynthetic()) continue;
            Class<?> type = field.getType();
            boolean open = Modifier.isPublic(modifiers) && !Modifier.isFinal(modifiers);
            Method get = open ? null : getter(kind, field.getName(), type);
            Method set = open ? null : setter(kind, field.getName(), type);
            if (!open && (get == null || set == null)) return null;
            boolean nullable =
                    !type.isPrimitive()
                            && (Codecs.isNullable(field)
                                    || Codecs.isNullable(field.getAnnotatedType())
                                    || marks(get));
            fields.add(
                    new Codecs.Field(
                            new Part(field.getName(), type, get, set),
                            field.getGenericType(),
                            nullable));
        }
        return fields;
    }

    private static boolean marks(AnnotatedElement getter) {
        return getter != null && Codecs.isNullable(getter);
    }

    private static Method getter(Class<?> kind, String name, Class<?> type) {
        String word = capital(name);
        Method found = method(kind, "get" + word);
        if (found == null && (type == boolean.class || type == Boolean.class))
            found = method(kind, "is" + word);
        return found != null && found.getReturnType() == type ? found : null;
    }

    private static Method setter(Class<?> kind, String name, Class<?> type) {
        return method(kind, "set" + capital(name), type);
    }

    private static Method method(Class<?> kind, String name, Class<?>... parameters) {
        try {
            Method method = kind.getMethod(name, parameters);
            return Modifier.isStatic(method.getModifiers()) ? null : method;
        } catch (NoSuchMethodException none) {
            return null;
        }
    }

    private static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
