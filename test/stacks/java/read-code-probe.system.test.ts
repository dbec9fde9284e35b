import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildService } from '../../../src/builder/index.ts';
import { packageRoot } from '../../../src/core/index.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { readManifest } from '../../../src/manifest/index.ts';
import { imageReference } from '../../../src/registry/index.ts';
import { type CodeApi, type CodeType, probeService, type ServiceFolder } from '../../../src/stacks/index.ts';
import { readJavaCode } from '../../../src/stacks/java/read-code.ts';
import { testEngine } from '../../support/engine.ts';
import { showType } from '../support/show-type.ts';
import { javaService } from './support/java-service.ts';

const name = 'ReadCodeProbeTest';
let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});
afterAll(() => engine.removeImage(imageReference(name, '0.0.1-SNAPSHOT')));

/** What the reader says of a service's code, and what the running code says of itself. */
async function readAndProbe(folder: ServiceFolder) {
  const service = { ...folder, manifest: { ...folder.manifest, name, version: '0.0.1-SNAPSHOT' } };
  const read = await readJavaCode(service);
  let probed: CodeApi | undefined;
  await buildService(engine, service, {
    signal: AbortSignal.timeout(400_000),
    onProgress: () => {},
    probe: async (engine, image, folder, signal) => {
      probed = (await probeService(engine, image, folder, { signal })).codeApi;
    },
  });
  if (probed === undefined) throw new Error('nothing was probed');
  return { read: summary(read.api), probed: summary(probed) };
}

/** Everything that a comparison with an API looks at. Reasons are for people, and each has its own. */
function summary({ functions }: CodeApi) {
  const show = (type: CodeType) => showType(type, () => 'unsupported');
  return functions
    .map(({ name, parameters, result, vectorised, variadic, source, place }) => ({
      name,
      parameters: parameters.map((one) => [one.name, show(one.type), one.optional]),
      result: show(result),
      vectorised,
      variadic: variadic ?? false,
      source: source ?? false,
      at: place === undefined ? '' : `${place.file}:${place.line}:${place.column}`,
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

describe('reading Java code and asking the running code say the same of', () => {
  it.each(['values', 'behaviour', 'conformance'])('the fixture %s', async (fixture) => {
    const root = join(packageRoot(), `test/fixtures/services/java-${fixture}`);
    const { manifest } = await readManifest(root);
    const { read, probed } = await readAndProbe({ root, manifest, manifestFile: 'nstack.yaml' });
    expect(read).toEqual(probed);
  });

  it('every way to write a type', async () => {
    await using folder = await javaService('used: Text -> (Text, optional Integer)', {
      'src/main/java/com/acme/Service.java': `package com.acme;
import com.acme.model.*;
import io.nstack.*;
import java.math.BigInteger;
import java.time.*;
import java.util.*;
public class Service extends Base<String> {
  record Pair<A, B>(A a, @Nullable B b) {}
  record Wrapped<A>(Pair<A, List<A>> inner) {}
  record Knot<A>(A value, Pair<A, Knot<A>> next) {}
  static class Bean { private boolean ok; public long n; public boolean isOk() { return ok; } public void setOk(boolean ok) { this.ok = ok; } }
  static class Closed { private int a; }
  enum Kind { A }
  sealed interface Event {}
  sealed interface More extends Event permits Quit, Amount {}
  record Quit() implements More {}
  record Amount(long value) implements More {}
  record Way(List<Click> legs, int... more) implements Event {}
  public Pair<String, Long> used(String x) { return null; }
  public void scalars(byte a, Short b, BigInteger c, float d, Boolean e, byte[] f, OffsetDateTime g, Object h) {}
  public void lists(List<String> a, Collection<Long> b, ArrayList<byte[]> c, int[][] d, Iterable<Object> e) {}
  public Map<String, List<Click>> maps(HashMap<String, Object> a, LinkedHashMap<String, Boolean> b) { return null; }
  public OptionalInt optionals(Optional<Click> a, @Nullable String b, OptionalDouble c, @Nullable int d) { return null; }
  public void outside(Set<String> a, Kind b, Closed c, Map<Integer, String> d, List<?> e, Date f, char g) {}
  public Event event(Bean bean, Pair<Click, Long[]> pair) { return null; }
  public Pair<String, Pair<Long, String>> generic(Wrapped<Long> a, Knot<Long> b) { return null; }
  public void many(String... words) {}
  @Vectorised public List<String> block(List<Click> clicks) { return null; }
  public static long count(long n) { return n; }
  public String toString() { return ""; }
  public void startup() {}
  void hidden() {}
}
class Base<T> extends BaseService {
  public String inherited(Instant x) { return ""; }
}
`,
      'src/main/java/com/acme/model/Click.java':
        'package com.acme.model;\npublic record Click(String user, java.time.Instant at) {}\n',
    });
    const { read, probed } = await readAndProbe(folder);
    expect(read).toEqual(probed);
    expect(read).toHaveLength(12);
  });
});
