package io.nstack.codec;

import java.util.Map;

/** Why a class of Java's own is outside the type language, and what to use instead. */
final class Reasons {
    private static final Map<String, String> KNOWN =
            Map.ofEntries(
                    Map.entry("char", "use String"),
                    Map.entry("java.lang.Character", "use String"),
                    Map.entry("java.lang.CharSequence", "use String"),
                    Map.entry("java.lang.Number", "use long, BigInteger or double"),
                    Map.entry(
                            "java.math.BigDecimal",
                            "use double, or String where each digit counts"),
                    Map.entry("java.util.Set", "a set has no JSON; use List<...>"),
                    Map.entry("java.util.HashSet", "a set has no JSON; use List<...>"),
                    Map.entry(
                            "java.util.stream.Stream",
                            "only a source gives items one by one; use a List"),
                    Map.entry("java.util.Iterator", "only a source gives items one by one; use a List"),
                    Map.entry("java.util.Date", "use java.time.Instant (Timestamp)"),
                    Map.entry(
                            "java.time.LocalDateTime", "it has no offset; use Instant (Timestamp)"),
                    Map.entry(
                            "java.time.ZonedDateTime", "use OffsetDateTime or Instant (Timestamp)"),
                    Map.entry("java.time.LocalDate", "use Instant (Timestamp) or String"),
                    Map.entry("java.time.LocalTime", "use String"),
                    Map.entry("java.time.Duration", "use double (seconds)"),
                    Map.entry("java.util.UUID", "use String"));

    private Reasons() {}

    /** Null for a class of the author's. */
    static String of(Class<?> kind) {
        String known = KNOWN.get(kind.getName());
        if (known != null) return known;
        if (kind.isEnum())
            return "an enum has no JSON of its own; use a sealed interface with a record for each"
                       + " case";
        if (kind.getName().startsWith("java.")) return "it is outside the type language";
        return null;
    }
}
