import { describe, expect, it } from 'vitest';
import { readJavaCode } from '../../../src/stacks/java/read-code.ts';
import { showType } from '../support/show-type.ts';
import { javaService } from './support/java-service.ts';

async function read(code: string | Uint8Array, api = 'f: Text -> Text', more: Record<string, string> = {}) {
  await using folder = await javaService(api, { 'Service.java': code, ...more });
  return await readJavaCode({ ...folder, manifestFile: 'shop/nstack.yaml' });
}

/** The type that `written` stands for as a parameter's, in a class with `members` below `imports`. */
async function typeOf(written: string, imports = '', members = '', more: Record<string, string> = {}) {
  const code = `${imports}\npublic class Service {\n${members}\npublic void f(${written} x) {}\n}\n`;
  const { api, diagnostics } = await read(code, undefined, more);
  expect(diagnostics).toEqual([]);
  const type = api.functions.find(({ name }) => name === 'f')?.parameters[0]?.type;
  if (type === undefined) throw new Error('f has no parameter');
  return showType(type);
}

const noRecord =
  'unsupported: a class is a record where it is a record, or has public fields or getters and setters and a constructor without arguments';

describe('a type', () => {
  it.each([
    ['long', 'integer'],
    ['int', 'integer'],
    ['short', 'integer'],
    ['byte', 'integer'],
    ['Long', 'integer'],
    ['java.math.BigInteger', 'integer'],
    ['double', 'double'],
    ['Float', 'double'],
    ['boolean', 'boolean'],
    ['String', 'text'],
    ['java.lang.String', 'text'],
    ['Object', 'open any'],
    ['byte[]', 'bytes'],
    ['byte[][]', 'list(bytes)'],
    ['byte @A [] @B []', 'list(bytes)'],
    ['long[]', 'list(integer)'],
    ['String[][]', 'list(list(text))'],
    ['long...', 'list(integer)'],
    ['byte[]...', 'list(bytes)'],
    ['final @Deprecated String', 'text'],
    ['@Nullable String', 'optional(text)'],
    ['@org.jspecify.annotations.Nullable String', 'optional(text)'],
    ['@Nullable int', 'integer'],
    ['@Nullable Object', 'open any'],
    ['char', 'unsupported: a char has no JSON; use String'],
    ['Character', 'unsupported: a char has no JSON; use String'],
    ['Number', 'unsupported: use long or double'],
    ['java.util.List<String>', 'list(text)'],
    ['java.time.Instant', 'timestamp'],
    ['java.nio.charset.Charset', 'unsupported: it is outside the type language'],
    ['Click', 'unsupported: the code neither defines nor imports that name'],
    ['List<String>', 'unsupported: it is not imported; write import java.util.List;'],
    ['IllegalArgumentException', 'unsupported: it is outside the type language'],
    ['java.util.Map.Entry<String, String>', 'unsupported: use a record of two components'],
  ])('%s is %s', async (written, type) => {
    expect(await typeOf(written)).toBe(type);
  });

  it.each([
    ['Collection<Integer>', 'list(integer)'],
    ['ArrayList<Double>', 'list(double)'],
    ['Iterable<String>', 'list(text)'],
    ['LinkedList<String>', 'unsupported: use List<...>'],
    ['Map<String, List<Long>>', 'map(list(integer))'],
    ['LinkedHashMap<String, Boolean>', 'map(boolean)'],
    ['Map<Long, Long>', 'unsupported: the keys of a Map are Text (String), not Long'],
    ['Map', 'unsupported: its type arguments are missing; write Map<String, ...>'],
    ['Optional<String>', 'optional(text)'],
    ['OptionalLong', 'optional(integer)'],
    ['OptionalDouble', 'optional(double)'],
    ['Optional<Optional<String>>', 'unsupported: what is optional must not itself be null'],
    ['Optional<Object>', 'unsupported: what is optional must not itself be null'],
    ['@Nullable Optional<String>', 'optional(text)'],
    ['List<@Nullable String>', 'list(text)'],
    ['List<?>', 'list(unsupported: a wildcard is no one type; write the type itself)'],
    ['Set<String>', 'unsupported: a set has no JSON; use List<...>'],
    ['Date', 'unsupported: use Instant (Timestamp) or String'],
    ['Scanner', 'unknown'],
    ['Instant', 'unsupported: it is not imported; write import java.time.Instant;'],
  ])('%s is %s below import java.util.*', async (written, type) => {
    expect(await typeOf(written, 'import java.util.*;')).toBe(type);
  });

  it.each([
    ['import org.joda.time.*;', 'Instant', 'unknown'],
    ['import org.joda.time.Instant;', 'Instant', 'unknown'],
    ['import java.time.*;', 'OffsetDateTime', 'timestamp'],
    ['import java.util.Map;', 'Map.Entry<String, String>', 'unsupported: use a record of two components'],
    ['import java.util.Map.Entry;', 'Entry<String, String>', 'unsupported: use a record of two components'],
    ['import module java.base;', 'List<Instant>', 'list(timestamp)'],
    ['import static java.lang.Math.*;', 'String', 'text'],
  ])('after %s, %s is %s', async (imports, written, type) => {
    expect(await typeOf(written, imports)).toBe(type);
  });

  it.each([
    [
      'record R(String a, @Nullable Long b, int... c) {}',
      'R',
      '{a: text, b: optional(integer), c: list(integer)}',
    ],
    ['record R(String a) { static int b; R { } String c() { return ""; } }', 'Service.R', '{a: text}'],
    [
      'record Pair<A, B>(A a, B b) {}',
      'Pair<String, Pair<Long, String>>',
      '{a: text, b: {a: integer, b: text}}',
    ],
    ['record Pair<A, B>(A a, B b) {}', 'Pair<String, Long[]>', '{a: text, b: list(integer)}'],
    ['record Box<A>(A a) {}', 'Box', '{a: unsupported: the type arguments of Box are missing}'],
    ['record Tree(Tree left) {}', 'Tree', '{left: unsupported: it refers to itself, and types are finite}'],
    ['record String(int a) {}', 'String', '{a: integer}'],
    [
      'static class C { public int a, b[]; public static int c; transient int d; }',
      'C',
      '{a: integer, b: list(integer)}',
    ],
    [
      'static class C { private boolean ok; public boolean isOk() { return ok; } public void setOk(boolean ok) {} }',
      'C',
      '{ok: boolean}',
    ],
    [
      'static class C { private Long n; public @Nullable Long getN() { return n; } public void setN(Long n) {} }',
      'C',
      '{n: optional(integer)}',
    ],
    ['static class C { public final int a = 1; }', 'C', noRecord],
    ['static class C { private int a; public int getA() { return a; } }', 'C', noRecord],
    ['static class C { C(int a) {} public int a; }', 'C', noRecord],
    ['static class B { public int b; } static class C extends B { public int a; }', 'C', noRecord],
    ['@lombok.Data static class C { private int a; }', 'C', 'unknown'],
    ['class C { public int a; }', 'C', 'unsupported: an inner class is no record; make it static'],
    ['interface I { class C { public int a; } }', 'I.C', '{a: integer}'],
    [
      'interface I {}',
      'I',
      'unsupported: an interface is a sum where it is sealed and its cases are records',
    ],
    [
      'enum E { A }',
      'E',
      'unsupported: an enum has no JSON of its own; use String, or a sealed interface with a record for each case',
    ],
    [
      'sealed interface S {} record A(int x) implements S {} record B() implements S {} record C(String value) implements S {}',
      'S',
      'A {x: integer} | B unit | C text',
    ],
    ['sealed interface S permits A {} record A() implements S {} record B() implements S {}', 'S', 'A unit'],
    [
      'sealed interface S {} sealed interface T extends S {} record A() implements T {} static final class B implements S {}',
      'S',
      'A unit | B unit',
    ],
    [
      'sealed interface S {} enum A implements S { X }',
      'S',
      'unsupported: A is no case of a sum: each is a record that is named after its case',
    ],
    ['sealed interface S permits lib.A {}', 'S', 'unknown'],
    [
      'sealed interface S {} record A(S s) implements S {}',
      'S',
      'A {s: unsupported: it refers to itself, and types are finite}',
    ],
    [
      'static class In { static class Click { public int a; } } static class Service2 extends In {} ',
      'Service2.Click',
      '{a: integer}',
    ],
  ])('over %s, %s is %s', async (members, written, type) => {
    expect(await typeOf(written, '', members)).toBe(type);
  });

  it('that is nested ten thousand deep is left to the probe', async () => {
    const deep = `${'List<'.repeat(10_000)}Integer${'>'.repeat(10_000)}`;
    expect(await typeOf(deep, 'import java.util.List;')).toContain('unknown');
  });

  it('that a class inherits from a part of itself is not looked for for ever', async () => {
    expect(
      await typeOf('Nothing', '', 'static class A extends A.B { static class C extends C {} }'),
    ).toContain('unsupported');
    expect(await typeOf('A.D', '', 'static class A extends A.B {}')).toContain('un');
  });
});

describe('a type of another file', () => {
  const record = (packageLine: string) => `${packageLine}public record Click(String user) {}\n`;

  it('is read beside the code', async () => {
    const files = { 'Click.java': record('') };
    expect(await typeOf('Click', '', '', files)).toBe('{user: text}');
  });

  it('is read wherever its package is, in a Maven project', async () => {
    const service =
      'package com.acme;\nimport com.acme.model.Click;\nimport com.acme.other.*;\npublic class Service {\n' +
      'public void f(Click x, Near y, Far z, com.acme.model.Click.Kind k, Helper h) {}\n}\n';
    await using folder = await javaService('f: Text -> Text', {
      'src/main/java/com/acme/Service.java': service,
      'src/main/java/com/acme/Near.java':
        'package com.acme;\nrecord Near(Click.Kind k) {}\nrecord Helper(int n) {}\n',
      'src/main/java/com/acme/other/Far.java': 'package com.acme.other;\npublic record Far(long n) {}\n',
      'src/main/java/com/acme/model/Click.java':
        'package com.acme.model;\npublic record Click(String user) { public record Kind(double d) {} }\n',
    });
    const { api } = await readJavaCode(folder);
    expect(api.functions[0]?.parameters.map(({ type }) => showType(type))).toEqual([
      '{user: text}',
      '{k: unsupported: the code neither defines nor imports that name}',
      '{n: integer}',
      '{d: double}',
      '{n: integer}',
    ]);
    const [click] = api.functions[0]?.parameters ?? [];
    expect(click?.type.kind === 'record' && click.type.fields[0]?.place).toMatchObject({
      file: 'src/main/java/com/acme/model/Click.java',
      line: 2,
      column: 28,
    });
  });

  it('is left to the compiler where that file is broken', async () => {
    expect(await typeOf('Click', '', '', { 'Click.java': 'record Click(String user {}' })).toBe('unknown');
  });

  it('is not read without end', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`C${n}.java`, `record C${n}(C${n + 1} next) {}\n`]),
    );
    expect(await typeOf('C0', '', '', files)).toContain('unknown');
  });
});

describe('the functions of a service', () => {
  const namesOf = async (code: string) => (await read(code)).api.functions.map(({ name }) => name);

  it('are its public methods, hooks and those of every object left out', async () => {
    const code =
      'public class Service {\npublic void startup() {}\npublic void shutdown() {}\npublic String toString() { return ""; }\n' +
      'public boolean equals(Object o) { return true; }\npublic int hashCode() { return 1; }\nvoid a() {}\nprivate void b() {}\n' +
      'protected void c() {}\npublic void d() {}\npublic static void e() {}\npublic void equals() {}\n}\n';
    expect(await namesOf(code)).toEqual(['d', 'e', 'equals']);
  });

  it('are those that it inherits from the author’s classes too, with what type variables stand for', async () => {
    const code =
      'public class Service extends Base<String> implements Named {\npublic void b(String x) {}\npublic void c(int n) {}\n}\n' +
      'class Base<T> extends io.nstack.BaseService {\npublic T a(T x) { return x; }\npublic void b(T x) {}\n}\n' +
      'interface Named {\ndefault String name() { return ""; }\nvoid b(String x);\nstatic void s() {}\n}\n';
    const { api } = await read(code);
    expect(
      api.functions.map(({ name, parameters, faults }) => [
        name,
        parameters.map(({ type }) => showType(type)),
        faults,
      ]),
    ).toEqual([
      ['name', [], undefined],
      ['a', ['text'], undefined],
      ['b', ['text'], undefined],
      ['c', ['integer'], undefined],
    ]);
    expect(api.mayHaveMore).toBeUndefined();
    expect(api.servedBy).toMatchObject({ text: 'class Service', place: { line: 1, column: 14 } });
  });

  it('may be more where it extends a class of a library', async () => {
    const { api } = await read('import lib.Base;\npublic class Service extends Base {}\n');
    expect(api.mayHaveMore).toBe(true);
  });

  it('know their places and their line', async () => {
    const { api } = await read(
      '\npublic class Service {\n  public String f(int a, @Nullable String b) { return b; }\n}\n',
    );
    expect(api.functions[0]).toMatchObject({
      name: 'f',
      vectorised: false,
      place: { file: 'shop/Service.java', line: 3, column: 17, length: 1 },
      sourceLine: '  public String f(int a, @Nullable String b) { return b; }',
      parameters: [
        { name: 'a', optional: false, place: { line: 3, column: 19 } },
        { name: 'b', optional: false, place: { line: 3, column: 26 } },
      ],
    });
  });

  it('have columns in UTF-16 code units', async () => {
    const { api } = await read(
      'public class Service {\n/* 漢字🙂 */ public void f(int ünï, String x) {}\n}\n',
    );
    expect(api.functions[0]?.parameters[1]?.place).toMatchObject({ line: 2, column: 35 });
  });
});

describe('a service class', () => {
  it.each([
    ['', 'no-service-class', '1:1', 'shop/Service.java has no class, and the methods of one are served'],
    [
      'String f(String x) { return x; }',
      'no-service-class',
      '1:8',
      'shop/Service.java has methods outside of a class, and the methods of one are served',
    ],
    [
      'public record Service(int x) {}',
      'service-class',
      '1:15',
      'shop/Service.java:1: Service is a record, and a service is a class',
    ],
    [
      'enum Service { A }',
      'service-class',
      '1:6',
      'shop/Service.java:1: Service is an enum, and a service is a class',
    ],
    [
      'interface Service {}',
      'service-class',
      '1:11',
      'shop/Service.java:1: Service is an interface, and a service is a class',
    ],
    [
      'public abstract class Service { public void f() {} }',
      'service-class',
      '1:23',
      'shop/Service.java:1: Service is abstract, and a service is made of its class',
    ],
    [
      'public class Service { Service(int x) {} public void f() {} }',
      'service-class',
      '1:14',
      'shop/Service.java:1: Service has no constructor without arguments that makes the service',
    ],
    [
      'public class Service { private Service() {} public void f() {} }',
      'service-class',
      '1:14',
      'shop/Service.java:1: Service has no constructor without arguments that makes the service',
    ],
    [
      'public class Clicks { public void f() {} }',
      'service-class',
      '1:14',
      'shop/Service.java:1: Clicks is public, and a public class has the name of its file, Service',
    ],
  ])('that is %j is a diagnostic with its place', async (code, finding, at, message) => {
    const { diagnostics } = await read(code);
    const [line, column] = at.split(':').map(Number);
    expect(diagnostics).toMatchObject([
      { code: finding, severity: 'error', message, place: { file: 'shop/Service.java', line, column } },
    ]);
    expect(diagnostics[0]?.hint).toBeDefined();
  });

  it.each([
    'class Service { public void f() {} }',
    'public final class Service { Service() {} public void f() {} }',
    'public class Service { private Service() {} public static void f() {} }',
    'record Click() {}\npublic class Service { public void f() {} }',
    'class Clicks { public void f() {} }\nclass Others { public void g() {} }',
    'package com.acme;\npublic class Service { public void f() {} }',
  ])('may be %j', async (code) => {
    const { api, diagnostics } = await read(code);
    expect([diagnostics, api.functions.map(({ name }) => name)]).toEqual([[], ['f']]);
  });
});

describe('a file', () => {
  const body = (code: string) => `public class Service {\n${code}\n}\n`;
  it.each([
    ['a missing semicolon', body('  int f() {\n    return 1\n  }'), '3:13', '";" is missing'],
    [
      'an open brace',
      body('  int f() {\n    return 1;\n\n  int g() { return 1; }'),
      '2:11',
      '"{" is never closed',
    ],
    ['an open parenthesis', body('  int f(int x {\n    return 1;\n  }'), '2:8', '"(" is never closed'],
    [
      'an open bracket far above',
      body('  int f() {\n    return (1;\n  }\n  int g() { return 1; }'),
      '3:12',
      '"(" is never closed',
    ],
    ['a stray brace', body('  int f() { return 1; }}'), '3:1', '"}" closes nothing'],
    ['an open text', body('  String f() { return "abc; }'), '2:23', 'a text is never closed'],
    ['an open comment', body('  /* f\n'), '2:3', '"/*" is never closed'],
    [
      'brackets in texts and comments',
      body('  String f() { return "(" + \'{\' + """\n  ) " \\""" [""" /* ] */; } // (\n  foo bar baz'),
      '4:3',
      'unexpected "foo"',
    ],
    ['a misspelt class', 'public clas Service {\n  int f() { return 1; }\n}\n', '1:8', 'unexpected "clas"'],
    ['a misspelt word', 'publc class Service {\n  int f() { return 1; }\n}\n', '1:1', 'unexpected "publc"'],
    [
      'a method without a result type',
      body('  public f(int x) { return 1; }'),
      '2:10',
      '"f" has no result type',
    ],
    [
      'a keyword as a method’s name',
      body('  public int double(int x) { return 1; }'),
      '2:14',
      '"double" is a keyword and no name',
    ],
    [
      'a keyword as a component’s name',
      body('  record A(int class) {}'),
      '2:16',
      '"class" is a keyword and no name',
    ],
    ['a parameter without a type', body('  int f(x) { return 1; }'), '2:9', '"x" has no type'],
    ['Python in it', 'def f(x):\n  return x\n', '1:1', 'unexpected "def"'],
    ['a class that extends nothing', 'public class Service extends {\n}\n', '1:29', 'a name is missing'],
  ])('with %s is a diagnostic with its place', async (_, code, place, says) => {
    const { diagnostics } = await read(code);
    const [line, column] = place.split(':').map(Number);
    expect(diagnostics[0]).toMatchObject({
      code: 'syntax-error',
      severity: 'error',
      message: `shop/Service.java:${line} is not Java: ${says}`,
      place: { file: 'shop/Service.java', line, column },
    });
    expect(diagnostics[0]?.sourceLine).toBeDefined();
  });

  it('says which word is probably meant', async () => {
    expect((await read('public clas Service {}\n')).diagnostics[0]?.hint).toBe('did you mean "class"?');
  });

  it('may hold what is newer than the grammar', async () => {
    const code =
      'import module java.base;\npublic class Service extends Base {\n  Service() { int x = 1; super(x); }\n  Service(int x) { x++; this(); }\n}\nclass Base { Base(int x) {} }\n';
    expect((await read(code)).diagnostics).toEqual([]);
  });

  it('of half a million braces ends in one finding', async () => {
    expect((await read('{'.repeat(500_000))).diagnostics).toHaveLength(1);
  });

  it('that is not UTF-8 is refused', async () => {
    await expect(read(Buffer.from([0x2f, 0xff, 0x0a]))).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it('may begin with a byte order mark', async () => {
    expect((await read('\ufeffpublic class Service { public void f() {} }\n')).api.functions).toHaveLength(1);
  });

  it('of two thousand lines is read whole', async () => {
    const one = (n: number) =>
      `  public Optional<Long> f${n}(Map<String, List<Integer>> x, String y) {\n    var a = x.size();\n    return Optional.of((long) a);\n  }\n`;
    const code = `import java.util.*;\npublic class Service {\n${Array.from({ length: 500 }, (_, n) => one(n)).join('')}}\n`;
    expect((await read(code)).api.functions).toHaveLength(500);
  });
});
