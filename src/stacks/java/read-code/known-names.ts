import type { CodeType } from '../../stack.ts';

type WithoutText<T> = T extends { readonly text: string } ? Omit<T, 'text'> : never;

/** Classes that are a type of the type language by themselves, by their full names. */
export const namedTypes: Readonly<Record<string, WithoutText<CodeType>>> = {
  'java.lang.Long': { kind: 'known', type: { kind: 'integer' } },
  'java.lang.Integer': { kind: 'known', type: { kind: 'integer' } },
  'java.lang.Short': { kind: 'known', type: { kind: 'integer' } },
  'java.lang.Byte': { kind: 'known', type: { kind: 'integer' } },
  'java.math.BigInteger': { kind: 'known', type: { kind: 'integer' } },
  'java.lang.Double': { kind: 'known', type: { kind: 'double' } },
  'java.lang.Float': { kind: 'known', type: { kind: 'double' } },
  'java.lang.Boolean': { kind: 'known', type: { kind: 'boolean' } },
  'java.lang.String': { kind: 'known', type: { kind: 'text' } },
  'java.time.Instant': { kind: 'known', type: { kind: 'timestamp' } },
  'java.time.OffsetDateTime': { kind: 'known', type: { kind: 'timestamp' } },
  'java.lang.Void': { kind: 'known', type: { kind: 'unit' } },
  'java.lang.Object': { kind: 'open', shape: 'any' },
};

/** `int`, `void`, by the word that is written. */
export const primitiveTypes: Readonly<Record<string, WithoutText<CodeType>>> = {
  long: { kind: 'known', type: { kind: 'integer' } },
  int: { kind: 'known', type: { kind: 'integer' } },
  short: { kind: 'known', type: { kind: 'integer' } },
  byte: { kind: 'known', type: { kind: 'integer' } },
  double: { kind: 'known', type: { kind: 'double' } },
  float: { kind: 'known', type: { kind: 'double' } },
  boolean: { kind: 'known', type: { kind: 'boolean' } },
  void: { kind: 'known', type: { kind: 'unit' } },
  char: { kind: 'unsupported', reason: 'a char has no JSON; use String' },
};

/** Classes that a list, or a map, of the shim's is one of. */
export const listTypes: ReadonlySet<string> = new Set([
  'java.util.List',
  'java.util.Collection',
  'java.util.ArrayList',
  'java.lang.Iterable',
]);
export const mapTypes: ReadonlySet<string> = new Set([
  'java.util.Map',
  'java.util.HashMap',
  'java.util.LinkedHashMap',
]);

/** Optionals of a primitive. */
export const optionalTypes: Readonly<Record<string, CodeType>> = {
  'java.util.OptionalLong': { kind: 'known', type: { kind: 'integer' }, text: 'long' },
  'java.util.OptionalInt': { kind: 'known', type: { kind: 'integer' }, text: 'int' },
  'java.util.OptionalDouble': { kind: 'known', type: { kind: 'double' }, text: 'double' },
};

const streamed = 'only a source gives items one by one, as Iterator<...> or Stream<...>; return List<...>';
const later = 'results that come later are not supported yet; return the value itself';
const list = 'use List<...>';
const map = 'use Map<String, ...>';
const set = 'a set has no JSON; use List<...>';
const notData = 'it is no data';
const timestamp = 'use Instant (Timestamp) or String';
const text = 'use String';

/** Well-known classes that the type language does not have, and what to use. */
export const reasonsOutside: Readonly<Record<string, string>> = {
  'java.lang.Character': 'a char has no JSON; use String',
  'java.lang.CharSequence': text,
  'java.lang.StringBuilder': text,
  'java.lang.StringBuffer': text,
  'java.lang.Number': 'use long or double',
  'java.lang.Enum': text,
  'java.lang.Record': 'name the record itself',
  'java.lang.Class': notData,
  'java.lang.Runnable': notData,
  'java.lang.Thread': notData,
  'java.lang.Throwable': notData,
  'java.math.BigDecimal': 'use double, or String where every digit counts',
  'java.util.Set': set,
  'java.util.HashSet': set,
  'java.util.LinkedHashSet': set,
  'java.util.SortedSet': set,
  'java.util.TreeSet': set,
  'java.util.EnumSet': set,
  'java.util.LinkedList': list,
  'java.util.Vector': list,
  'java.util.Stack': list,
  'java.util.Queue': list,
  'java.util.Deque': list,
  'java.util.ArrayDeque': list,
  'java.util.PriorityQueue': list,
  'java.util.Iterator': streamed,
  'java.util.Spliterator': streamed,
  'java.util.Enumeration': streamed,
  'java.util.stream.Stream': streamed,
  'java.util.stream.IntStream': streamed,
  'java.util.stream.LongStream': streamed,
  'java.util.stream.DoubleStream': streamed,
  'java.util.SortedMap': map,
  'java.util.TreeMap': map,
  'java.util.EnumMap': map,
  'java.util.Hashtable': map,
  'java.util.Properties': map,
  'java.util.concurrent.ConcurrentMap': map,
  'java.util.concurrent.ConcurrentHashMap': map,
  'java.util.concurrent.Future': later,
  'java.util.concurrent.CompletableFuture': later,
  'java.util.concurrent.CompletionStage': later,
  'java.util.concurrent.Callable': notData,
  'java.util.concurrent.Flow.Publisher': streamed,
  'java.util.Map.Entry': 'use a record of two components',
  'java.util.Date': timestamp,
  'java.util.Calendar': timestamp,
  'java.util.UUID': text,
  'java.util.Locale': text,
  'java.util.Currency': text,
  'java.util.BitSet': 'use List<Boolean>',
  'java.util.Random': notData,
  'java.util.function.Function': notData,
  'java.util.function.BiFunction': notData,
  'java.util.function.Supplier': notData,
  'java.util.function.Consumer': notData,
  'java.util.function.Predicate': notData,
  'java.util.function.UnaryOperator': notData,
  'java.time.ZonedDateTime': 'use Instant or OffsetDateTime (Timestamp)',
  'java.time.LocalDateTime': 'it has no offset; use Instant (Timestamp) or String',
  'java.time.LocalDate': timestamp,
  'java.time.LocalTime': text,
  'java.time.OffsetTime': text,
  'java.time.Year': 'use int',
  'java.time.YearMonth': text,
  'java.time.Duration': 'use double (seconds)',
  'java.time.Period': text,
  'java.time.ZoneId': text,
  'java.time.DayOfWeek': text,
  'java.time.Month': text,
  'java.sql.Timestamp': timestamp,
  'java.sql.Date': timestamp,
  'java.net.URI': text,
  'java.net.URL': text,
  'java.nio.file.Path': text,
  'java.io.File': text,
  'java.nio.ByteBuffer': 'use byte[]',
  'java.io.InputStream': 'use byte[]',
  'java.io.OutputStream': notData,
};

/** Outermost words of results that make a function a source. */
export const kindsOfSource: ReadonlySet<string> = new Set(['java.util.Iterator', 'java.util.stream.Stream']);

/** Outermost words of other results that come one by one, or later: no function that has one can be served. */
export const kindsOfResult: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(reasonsOutside).filter(
    ([name, reason]) => !kindsOfSource.has(name) && (reason === streamed || reason === later),
  ),
);

/** Every class that is spoken of here, by its full name. */
export const knownNames: ReadonlySet<string> = new Set([
  ...Object.keys(namedTypes),
  ...listTypes,
  ...mapTypes,
  ...Object.keys(optionalTypes),
  'java.util.Optional',
  'io.nstack.BaseService',
  'io.nstack.Positioned',
  ...Object.keys(reasonsOutside),
]);
