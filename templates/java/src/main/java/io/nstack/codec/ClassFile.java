package io.nstack.codec;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a class of straight-line methods: no branches, and so no stack maps (The Java Virtual
 * Machine Specification, chapter 4).
 */
final class ClassFile {
    private static final int VERSION = 61;
    private static final int PUBLIC_FINAL_SUPER = 0x31;
    private static final int PUBLIC = 1;

    private final ByteArrayOutputStream constantBytes = new ByteArrayOutputStream();
    private final DataOutputStream constants = new DataOutputStream(constantBytes);
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final ByteArrayOutputStream methodBytes = new ByteArrayOutputStream();
    private final DataOutputStream methods = new DataOutputStream(methodBytes);
    private final int self;
    private final int parent;
    private int methodCount;
    private int constantCount = 1;

    /** Names with slashes. Has a constructor without arguments. */
    ClassFile(String name, String parent) {
        self = type(name);
        this.parent = type(parent);
        Code constructor = new Code();
        constructor.load('A', 0);
        constructor.invoke(Code.SPECIAL, parent, "<init>", "()V", 0, 0);
        constructor.end(Code.RETURN);
        method("<init>", "()V", constructor, 1);
    }

    void method(String name, String descriptor, Code code, int locals) {
        try {
            methods.writeShort(PUBLIC);
            methods.writeShort(text(name));
            methods.writeShort(text(descriptor));
            methods.writeShort(1);
            byte[] bytes = code.bytes.toByteArray();
            methods.writeShort(text("Code"));
            methods.writeInt(12 + bytes.length);
            methods.writeShort(code.deepest);
            methods.writeShort(locals);
            methods.writeInt(bytes.length);
            methods.write(bytes);
            methods.writeShort(0);
            methods.writeShort(0);
            methodCount++;
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }

    byte[] toBytes() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(0xcafebabe);
            out.writeInt(VERSION);
            out.writeShort(constantCount);
            constantBytes.writeTo(out);
            out.writeShort(PUBLIC_FINAL_SUPER);
            out.writeShort(self);
            out.writeShort(parent);
            out.writeShort(0);
            out.writeShort(0);
            out.writeShort(methodCount);
            methodBytes.writeTo(out);
            out.writeShort(0);
            return bytes.toByteArray();
        } catch (IOException error) {
            throw new AssertionError(error);
        }
    }

    private int text(String text) {
        return constant(
                "1" + text,
                () -> {
                    constants.writeByte(1);
                    constants.writeUTF(text);
                });
    }

    private int type(String name) {
        int text = text(name);
        return constant(
                "7" + name,
                () -> {
                    constants.writeByte(7);
                    constants.writeShort(text);
                });
    }

    private int member(int kind, String owner, String name, String descriptor) {
        int type = type(owner);
        int nameText = text(name);
        int descriptorText = text(descriptor);
        int both =
                constant(
                        "12" + name + " " + descriptor,
                        () -> {
                            constants.writeByte(12);
                            constants.writeShort(nameText);
                            constants.writeShort(descriptorText);
                        });
        return constant(
                kind + owner + "." + name + " " + descriptor,
                () -> {
                    constants.writeByte(kind);
                    constants.writeShort(type);
                    constants.writeShort(both);
                });
    }

    private interface Write {
        void run() throws IOException;
    }

    private int constant(String key, Write write) {
        Integer known = places.get(key);
        if (known != null) return known;
        try {
            write.run();
        } catch (IOException error) {
            throw new AssertionError(error);
        }
        places.put(key, constantCount);
        return constantCount++;
    }

    /** Instructions, with a count of how deep the stack may be: a word too many does no harm. */
    final class Code {
        static final int VIRTUAL = 182;
        static final int SPECIAL = 183;
        static final int STATIC = 184;
        static final int INTERFACE = 185;
        static final int RETURN = 177;
        static final int RETURN_OBJECT = 176;

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int deep;
        private int deepest = 2;

        void one(int instruction, int change) {
            bytes.write(instruction);
            deep += change;
            deepest = Math.max(deepest, deep + 2);
        }

        private void two(int operand) {
            bytes.write(operand >> 8);
            bytes.write(operand);
        }

        /** Loads a local variable: kind A an object, I an int. */
        void load(char kind, int local) {
            one(kind == 'A' ? 25 : 21, 1);
            bytes.write(local);
        }

        void push(int value) {
            one(17, 1);
            two(value);
        }

        void end(int instruction) {
            one(instruction, 0);
        }

        void make(String name) {
            one(187, 1);
            two(type(name));
            one(89, 1);
        }

        void cast(Class<?> kind) {
            if (kind == Object.class) return;
            one(192, 0);
            two(type(nameOf(kind)));
        }

        void field(boolean store, Class<?> owner, String name, Class<?> kind) {
            one(store ? 181 : 180, store ? -1 - wordsOf(kind) : wordsOf(kind) - 1);
            two(member(9, nameOf(owner), name, kind.descriptorString()));
        }

        void invoke(
                int instruction,
                String owner,
                String name,
                String descriptor,
                int taken,
                int given) {
            one(instruction, given - taken);
            two(member(instruction == INTERFACE ? 11 : 10, owner, name, descriptor));
            if (instruction == INTERFACE) {
                bytes.write(taken);
                bytes.write(0);
            }
        }

        void invokeStaticOfInterface(
                String owner, String name, String descriptor, int taken, int given) {
            one(STATIC, given - taken);
            two(member(11, owner, name, descriptor));
        }
    }

    static String nameOf(Class<?> kind) {
        return kind.getName().replace('.', '/');
    }

    static int wordsOf(Class<?> kind) {
        if (kind == void.class) return 0;
        return kind == long.class || kind == double.class ? 2 : 1;
    }
}
