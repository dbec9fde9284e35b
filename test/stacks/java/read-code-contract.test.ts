import { describe, expect, it } from 'vitest';
import { checkService } from '../../../src/stacks/index.ts';
import { javaService } from './support/java-service.ts';
import { mismatches, serviceAround } from './support/mismatches.ts';

const titled = mismatches.map((mismatch) => [mismatch.title, mismatch] as const);

describe('the static check of a Java service names both places of', () => {
  it.each(titled)('%s', async (_, { api, code, finding, but, at, hint }) => {
    await using folder = await javaService(api, { 'Service.java': serviceAround(code) });
    const findings = await checkService(folder);
    const lines = api.split('\n');
    const [name = '', type = ''] = (lines.at(-1) ?? '').trim().split(/\s*:\s(.*)/s);
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map((one) => [one.code, one.message])).toEqual([
      [finding, `${name}: declared "${type}" at nstack.yaml:${lines.length + 3}:3, but ${but}`],
    ]);
    const [found] = errors;
    expect(found?.place).toMatchObject({ file: 'nstack.yaml', line: lines.length + 3, column: 3 });
    if (at !== '') {
      const [line, column] = at.split(':').map(Number);
      expect(found?.related?.place).toMatchObject({ file: 'Service.java', line, column });
      expect(found?.related?.sourceLine).toBeDefined();
    }
    if (hint !== undefined) expect(found?.hint).toBe(hint);
  });
});

describe('the static check of a Java service accepts', () => {
  it.each([
    ['static methods', 'f: Text -> Text', 'public static String f(String x) { return x; }'],
    [
      'checked exceptions',
      'f: Text -> Text',
      'public String f(String x) throws java.io.IOException { return x; }',
    ],
    [
      'two arguments as two parameters',
      'f: (Integer, Text) -> Text',
      'public String f(int a, String b) { return b; }',
    ],
    [
      'two arguments as one record',
      'f: (Integer, Text) -> Text',
      'record Both(int number, String text) {}\npublic String f(Both both) { return ""; }',
    ],
    [
      'a record as a tuple, deep inside',
      'f: Text -> { place: (Double, Double), legs: [(Text, Integer)]? }',
      'record Point(double x, double y) {}\nrecord Leg(String to, long miles) {}\nrecord R(Point place, Optional<List<Leg>> legs) {}\npublic R f(String x) { return null; }',
    ],
    [
      'a generic record as a tuple',
      'f: Text -> (Text, [Integer])',
      'record Pair<A, B>(A a, B b) {}\npublic Pair<String, List<Integer>> f(String x) { return null; }',
    ],
    ['a list of arguments', 'f: [Integer] -> Integer', 'public long f(long... xs) { return 1; }'],
    ['no arguments', 'f: () -> Timestamp', 'public java.time.Instant f() { return null; }'],
    ['void as ()', 'f: Text -> ()', 'public void f(String x) {}'],
    ['a sink', 'f: Text -> Void', 'public void f(String x) {}'],
    [
      'an Integer where the code takes double',
      'f: Integer -> Double',
      'public int f(double x) { return 1; }',
    ],
    [
      'a record that asks for fewer fields',
      'f: { a: Integer, b: Text } -> ()',
      'record A(long a) {}\npublic void f(A x) {}',
    ],
    [
      'an optional where no field is declared',
      'f: { a: Integer } -> ()',
      'record A(long a, OptionalInt b, @org.jspecify.annotations.Nullable String c) {}\npublic void f(A x) {}',
    ],
    [
      'a class with getters and setters',
      'f: { a: Integer, ok: Boolean } -> ()',
      'static class A { private int a; private boolean ok; public int getA() { return a; } public void setA(int a) {} public boolean isOk() { return ok; } public void setOk(boolean x) {} }\npublic void f(A x) {}',
    ],
    ['Object as Json', 'f: Json -> Json', 'public Object f(Object x) { return x; }'],
    ['a map of anything as a record', 'f: { a: Integer } -> ()', 'public void f(Map<String, Object> x) {}'],
    [
      'a sealed interface with permits, and one in it',
      'type E = A { x: Integer } | B () | C Text\n  f: E -> E',
      'sealed interface E permits A, More {}\nrecord A(int x) implements E {}\nsealed interface More extends E {}\nstatic final class B implements More {}\nrecord C(String value) implements More {}\npublic E f(E x) { return x; }',
    ],
    [
      'vectorised functions',
      'f: Integer -> Text',
      '@Vectorised public List<String> f(List<Long> xs) { return null; }',
    ],
    [
      'one of several methods, by the count of its parameters',
      'f: Text -> Text',
      'public String f(String x) { return x; }\npublic String f(String x, int n) { return x; }',
    ],
  ])('%s', async (_, api, code) => {
    await using folder = await javaService(api, { 'Service.java': serviceAround(code) });
    expect(await checkService(folder)).toEqual([]);
  });

  it.each([
    [
      'a class of a library',
      'import org.apache.commons.lang3.tuple.*;',
      'public Pair<String, String> f(String x)',
    ],
    ['an imported class', 'import com.acme.lib.Click;', 'public String f(List<Click> x)'],
  ])('%s, which is left to the probe', async (_, line, head) => {
    const text = serviceAround(`${head} { return null; }`);
    await using folder = await javaService('f: Text -> Text', {
      'Service.java': text.replace('\n\n', `\n${line}\n`),
    });
    const codes = (await checkService(folder)).map(({ code }) => code);
    expect(codes).toContain('left-to-probe');
  });

  it('what a base class from elsewhere may have', async () => {
    await using folder = await javaService('f: Text -> Text', {
      'Service.java': 'import com.acme.lib.Base;\npublic class Service extends Base {}\n',
    });
    expect((await checkService(folder)).map(({ code }) => code)).toEqual(['left-to-probe']);
  });
});
