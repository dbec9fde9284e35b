package io.nstack.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodHandles.Lookup.ClassOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;

/**
 * Generates the classes that move values between slots and the author's own classes. Calling them
 * costs what a call in the author's own code costs, where reflection and method handles cost
 * several times as much.
 *
 * <p>Classes of a built image hold them already, under the names of {@link #recordName} and {@link
 * #functionName}; elsewhere they are made when they are needed.
 */
public final class Accessors {
    private static final String RECORD = "io/nstack/codec/RecordAccess";
    private static final String FUNCTION = "io/nstack/codec/FunctionAccess";
    private static final String MAKE = "([J[Ljava/lang/Object;)Ljava/lang/Object;";
    private static final String TAKE = "(Ljava/lang/Object;[J[Ljava/lang/Object;)V";
    private static final String CALL =
            "(Ljava/lang/Object;[J[Ljava/lang/Object;I[J[Ljava/lang/Object;I)V";

    /** Takes the bytes of what is generated, while an image is built; null otherwise. */
    public interface Sink {
        void take(String name, byte[] bytes);
    }

    private final Sink sink;

    public Accessors(Sink sink) {
        this.sink = sink;
    }

    /**
     * How the parts of a record are got at, in order.
     *
     * @param kind the type of the part as its class file has it
     * @param get a method, or null where it is a field
     * @param set a method, or null where it is a field; of no meaning where the constructor takes
     *     the parts
     */
    public record Part(String name, Class<?> kind, Method get, Method set) {}

    /**
     * Of a class whose constructor takes all its parts, or of one that is made empty and then
     * filled.
     */
    RecordAccess ofRecord(Class<?> owner, List<Part> parts, boolean constructed) {
        return (RecordAccess)
                instance(
                        owner,
                        recordName(owner),
                        () -> recordClass(owner, parts, constructed),
                        true);
    }

    FunctionAccess ofFunction(Method method, int place) {
        Class<?> owner = method.getDeclaringClass();
        return (FunctionAccess)
                instance(
                        owner,
                        functionName(owner, place),
                        () -> functionClass(method, place),
                        reachable(method));
    }

    static String recordName(Class<?> owner) {
        return owner.getName() + "$nstack";
    }

    /**
     * @param place the method's place among those of its class
     */
    static String functionName(Class<?> owner, int place) {
        return owner.getName() + "$nstack" + place;
    }

    private interface Generate {
        byte[] run();
    }

    private Object instance(Class<?> owner, String name, Generate generate, boolean plain) {
        try {
            Class<?> found = ready(owner, name);
            if (found == null) {
                byte[] bytes = generate.run();
                if (sink != null && plain && reachable(owner)) sink.take(name, bytes);
                Lookup lookup = MethodHandles.privateLookupIn(owner, MethodHandles.lookup());
                found = lookup.defineHiddenClass(bytes, false, ClassOption.NESTMATE).lookupClass();
            }
            Constructor<?> constructor = found.getConstructor();
            return constructor.newInstance();
        } catch (ReflectiveOperationException error) {
            throw new IllegalStateException(
                    owner.getName() + " cannot be reached: " + error, error);
        }
    }

    private Class<?> ready(Class<?> owner, String name) {
        if (sink != null) return null;
        try {
            Class<?> found = Class.forName(name, false, owner.getClassLoader());
            return RecordAccess.class.isAssignableFrom(found)
                            || FunctionAccess.class.isAssignableFrom(found)
                    ? found
                    : null;
        } catch (ClassNotFoundException none) {
            return null;
        }
    }

    /** Whether a class that is no nestmate, in the same package, can use it. */
    private static boolean reachable(Class<?> kind) {
        for (Class<?> at = kind; at != null; at = at.getEnclosingClass()) {
            if (Modifier.isPrivate(at.getModifiers())) return false;
        }
        return true;
    }

    private static boolean reachable(Method method) {
        for (Class<?> kind : method.getParameterTypes()) {
            if (!reachable(kind)) return false;
        }
        return reachable(method.getReturnType());
    }

    private static byte[] recordClass(Class<?> owner, List<Part> parts, boolean constructed) {
        String name = ClassFile.nameOf(owner);
        ClassFile file = new ClassFile(recordName(owner).replace('.', '/'), RECORD);
        ClassFile.Code make = file.new Code();
        make.make(name);
        if (constructed) {
            StringBuilder descriptor = new StringBuilder("(");
            int words = 1;
            for (int slot = 0; slot < parts.size(); slot++) {
                Class<?> kind = parts.get(slot).kind();
                fromSlot(make, kind, 1, 2, slot, -1);
                descriptor.append(kind.descriptorString());
                words += ClassFile.wordsOf(kind);
            }
            make.invoke(
                    ClassFile.Code.SPECIAL,
                    name,
                    "<init>",
                    descriptor.append(")V").toString(),
                    words,
                    0);
        } else {
            make.invoke(ClassFile.Code.SPECIAL, name, "<init>", "()V", 1, 0);
            for (int slot = 0; slot < parts.size(); slot++) {
                Part part = parts.get(slot);
                make.one(89, 1);
                fromSlot(make, part.kind(), 1, 2, slot, -1);
                if (part.set() == null) {
                    make.field(true, owner, part.name(), part.kind());
                } else {
                    invoke(make, part.set());
                    dropResult(make, part.set());
                }
            }
        }
        make.end(ClassFile.Code.RETURN_OBJECT);
        file.method("make", MAKE, make, 3);

        ClassFile.Code take = file.new Code();
        for (int slot = 0; slot < parts.size(); slot++) {
            Part part = parts.get(slot);
            take.load('A', part.kind().isPrimitive() ? 2 : 3);
            take.push(slot);
            take.load('A', 1);
            take.cast(owner);
            if (part.get() == null) take.field(false, owner, part.name(), part.kind());
            else invoke(take, part.get());
            intoSlot(take, part.kind());
        }
        if (parts.isEmpty()) {
            take.load('A', 1);
            take.cast(owner);
            take.one(87, -1);
        }
        take.end(ClassFile.Code.RETURN);
        file.method("take", TAKE, take, 4);
        return file.toBytes();
    }

    private static byte[] functionClass(Method method, int place) {
        Class<?> owner = method.getDeclaringClass();
        ClassFile file = new ClassFile(functionName(owner, place).replace('.', '/'), FUNCTION);
        ClassFile.Code call = file.new Code();
        Class<?> given = method.getReturnType();
        if (given != void.class) {
            call.load('A', given.isPrimitive() ? 5 : 6);
            call.load('I', 7);
        }
        if (!Modifier.isStatic(method.getModifiers())) {
            call.load('A', 1);
            call.cast(owner);
        }
        Class<?>[] kinds = method.getParameterTypes();
        for (int slot = 0; slot < kinds.length; slot++) fromSlot(call, kinds[slot], 2, 3, slot, 4);
        invoke(call, method);
        if (given != void.class) intoSlot(call, given);
        call.end(ClassFile.Code.RETURN);
        file.method("call", CALL, call, 8);
        return file.toBytes();
    }

    /**
     * @param base the local variable that is added to the slot, or -1
     */
    private static void fromSlot(
            ClassFile.Code code, Class<?> kind, int numbers, int objects, int slot, int base) {
        code.load('A', kind.isPrimitive() ? numbers : objects);
        code.push(slot);
        if (base >= 0) {
            code.load('I', base);
            code.one(96, -1);
        }
        if (!kind.isPrimitive()) {
            code.one(50, -1);
            code.cast(kind);
            return;
        }
        code.one(47, 0);
        if (kind == long.class) return;
        if (kind == double.class || kind == float.class) {
            code.invoke(
                    ClassFile.Code.STATIC, "java/lang/Double", "longBitsToDouble", "(J)D", 2, 2);
            if (kind == float.class) code.one(144, -1);
            return;
        }
        code.one(136, -1);
        if (kind == byte.class) code.one(145, 0);
        else if (kind == short.class) code.one(147, 0);
        else if (kind == char.class) code.one(146, 0);
    }

    private static void intoSlot(ClassFile.Code code, Class<?> kind) {
        if (!kind.isPrimitive()) {
            code.one(83, -3);
            return;
        }
        if (kind == float.class) code.one(141, 1);
        if (kind == float.class || kind == double.class)
            code.invoke(
                    ClassFile.Code.STATIC, "java/lang/Double", "doubleToRawLongBits", "(D)J", 2, 2);
        else if (kind != long.class) code.one(133, 1);
        code.one(80, -4);
    }

    private static void invoke(ClassFile.Code code, Method method) {
        Class<?> owner = method.getDeclaringClass();
        StringBuilder descriptor = new StringBuilder("(");
        int words = 0;
        for (Class<?> kind : method.getParameterTypes()) {
            descriptor.append(kind.descriptorString());
            words += ClassFile.wordsOf(kind);
        }
        descriptor.append(')').append(method.getReturnType().descriptorString());
        int given = ClassFile.wordsOf(method.getReturnType());
        String name = ClassFile.nameOf(owner);
        boolean fixed = Modifier.isStatic(method.getModifiers());
        if (fixed && owner.isInterface()) {
            code.invokeStaticOfInterface(
                    name, method.getName(), descriptor.toString(), words, given);
            return;
        }
        int how =
                fixed
                        ? ClassFile.Code.STATIC
                        : owner.isInterface() ? ClassFile.Code.INTERFACE : ClassFile.Code.VIRTUAL;
        code.invoke(
                how,
                name,
                method.getName(),
                descriptor.toString(),
                fixed ? words : words + 1,
                given);
    }

    private static void dropResult(ClassFile.Code code, Method method) {
        int words = ClassFile.wordsOf(method.getReturnType());
        if (words == 1) code.one(87, -1);
        else if (words == 2) code.one(88, -2);
    }
}
