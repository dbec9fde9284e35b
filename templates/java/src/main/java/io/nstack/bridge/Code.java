package io.nstack.bridge;

import io.nstack.BaseService;
import io.nstack.bridge.Function.DeclaredFunction;
import io.nstack.codec.Codecs;
import io.nstack.json.JsonReader;
import io.nstack.json.Misfit;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An author's service class, its one instance, its functions and hooks. */
public final class Code {
    /** Names that no function of an API may have. */
    private static final Set<String> RESERVED =
            Set.of("initialize", "startup", "shutdown", "next", "ack");

    /** What follows the name of a source in that of its hook. */
    private static final String ACK = "Ack";

    private final Class<?> service;
    private final Codecs codecs;

    /** Null until they are asked for: a start does without opening a file. */
    private Places places;

    /** Null where every function is static and the class has no constructor to call. */
    private final Object owner;

    private final Map<String, List<Method>> methods;

    Code(Class<?> service, Codecs codecs) throws Throwable {
        this(service, codecs, construct(service));
    }

    /**
     * @param owner null while an image is built: none of the author's code runs then
     */
    public Code(Class<?> service, Codecs codecs, Object owner) {
        this.service = service;
        this.codecs = codecs;
        this.owner = owner;
        methods = publicMethods();
    }

    private static Object construct(Class<?> service) throws Throwable {
        Constructor<?> constructor;
        try {
            constructor = service.getDeclaredConstructor();
        } catch (NoSuchMethodException none) {
            if (hasOnlyStatic(service)) return null;
            throw new RpcError(
                    RpcError.SERVICE_ERROR,
                    "class " + service.getSimpleName() + " has no constructor without arguments");
        }
        if (Modifier.isAbstract(service.getModifiers())
                || Modifier.isPrivate(constructor.getModifiers())) {
            if (hasOnlyStatic(service)) return null;
            throw new RpcError(
                    RpcError.SERVICE_ERROR,
                    "class "
                            + service.getSimpleName()
                            + " cannot be constructed: it is abstract, or its constructor private");
        }
        constructor.setAccessible(true);
        try {
            return constructor.newInstance();
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    private static boolean hasOnlyStatic(Class<?> service) {
        for (Method method : service.getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())
                    && method.getDeclaringClass() != Object.class) return false;
        }
        return true;
    }

    Object owner() {
        return owner;
    }

    Class<?> service() {
        return service;
    }

    void startup() throws Throwable {
        hook("startup");
    }

    void shutdown() throws Throwable {
        hook("shutdown");
    }

    private void hook(String name) throws Throwable {
        Method method;
        try {
            method = service.getMethod(name);
        } catch (NoSuchMethodException none) {
            return;
        }
        if (method.getDeclaringClass() == BaseService.class) return;
        method.setAccessible(true);
        try {
            method.invoke(owner);
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    private Map<String, List<Method>> publicMethods() {
        List<Method> found = new ArrayList<>();
        for (Class<?> kind = service;
                kind != null && kind != Object.class && kind != BaseService.class;
                kind = kind.getSuperclass()) {
            for (Method method : kind.getDeclaredMethods()) {
                if (isFunction(method) && !isOverridden(method, found)) found.add(method);
            }
        }
        for (Method method : service.getMethods()) {
            if (method.getDeclaringClass().isInterface()
                    && isFunction(method)
                    && !Modifier.isAbstract(method.getModifiers())
                    && !isOverridden(method, found)) found.add(method);
        }
        Map<String, List<Method>> byName = new LinkedHashMap<>();
        for (Method method : found)
            byName.computeIfAbsent(method.getName(), name -> new ArrayList<>()).add(method);
        return byName;
    }

    private static boolean isFunction(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !method.isSynthetic()
                && !method.isBridge()
                && !RESERVED.contains(method.getName())
                && !isObjects(method);
    }

    private static boolean isObjects(Method method) {
        try {
            Object.class.getMethod(method.getName(), method.getParameterTypes());
            return true;
        } catch (NoSuchMethodException none) {
            return false;
        }
    }

    private static boolean isOverridden(Method method, List<Method> below) {
        for (Method other : below) {
            if (other.getName().equals(method.getName())
                    && java.util.Arrays.equals(
                            other.getParameterTypes(), method.getParameterTypes())) return true;
        }
        return false;
    }

    /** A function by its name. Throws RpcError where the code has none. */
    Function function(String name, DeclaredFunction declared) {
        List<Method> found = methods.get(name);
        if (found == null) {
            String names = methods.isEmpty() ? "no function" : String.join(", ", names());
            throw new RpcError(
                    RpcError.METHOD_NOT_FOUND,
                    "class "
                            + service.getSimpleName()
                            + " has no function "
                            + name
                            + "; it has "
                            + names);
        }
        List<Method> fitting = new ArrayList<>();
        for (Method method : found) {
            if (declared == null || method.getParameterCount() == declared.arity())
                fitting.add(method);
        }
        if (fitting.isEmpty()) fitting = found;
        String fault = null;
        if (fitting.size() > 1) {
            fitting.sort(Comparator.comparingInt(this::place));
            fault = "it is overloaded; give each function a name of its own";
        }
        return new Function(fitting.get(0), codecs, declared, fault);
    }

    /**
     * The names of every function that could be meant, in the order of their places in the files,
     * where those are known.
     */
    public List<String> names() {
        List<String> names = new ArrayList<>(methods.keySet());
        names.removeIf(this::isAck);
        names.sort(Comparator.comparingInt(this::firstPlace));
        return names;
    }

    /** Whether a method is told what of a source is confirmed, and so no function. */
    private boolean isAck(String name) {
        List<Method> source =
                name.endsWith(ACK) ? methods.get(name.substring(0, name.length() - 3)) : null;
        return source != null && new Function(source.get(0), codecs, null, null).source;
    }

    /**
     * Tells a source what every sink has confirmed, where there is a method for it: {@code
     * ticksAck} of {@code ticks}.
     */
    void ack(String source, JsonReader position) throws Throwable {
        List<Method> found = methods.get(source + ACK);
        if (found == null) return;
        Function hook = new Function(found.get(0), codecs, null, null);
        if (hook.inputs.length != 1)
            throw new RpcError(
                    RpcError.SERVICE_ERROR,
                    hook.name() + " has to take one argument, the position");
        Object value;
        try {
            value = hook.inputs[0].read(position);
        } catch (Misfit misfit) {
            throw new RpcError(
                    RpcError.INVALID_PARAMS, "the position does not fit: " + misfit.getMessage());
        }
        hook.begin(owner, value);
    }

    private int firstPlace(String name) {
        int first = Integer.MAX_VALUE;
        for (Method method : methods.get(name)) first = Math.min(first, place(method));
        return first;
    }

    private int place(Method method) {
        return places().find(method);
    }

    private Places places() {
        if (places == null) places = Places.of(service);
        return places;
    }

    Places.Place placeOf(Function function) {
        return places().get(place(function.method));
    }

    /**
     * Where a method stands among those of its class, which is how its generated class is named.
     */
    static int ordinal(Method method) {
        StringBuilder key = new StringBuilder();
        signature(key, method);
        String own = key.toString();
        int before = 0;
        for (Method other : method.getDeclaringClass().getDeclaredMethods()) {
            key.setLength(0);
            signature(key, other);
            if (key.toString().compareTo(own) < 0) before++;
        }
        return before;
    }

    private static void signature(StringBuilder text, Method method) {
        text.append(method.getName());
        for (Class<?> kind : method.getParameterTypes()) text.append(' ').append(kind.getName());
        text.append(' ').append(method.getReturnType().getName());
    }
}
