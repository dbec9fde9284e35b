import io.nstack.BaseService;
import io.nstack.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a review's writer felt, by a list of words with weights from -3 to 3. A negation turns the words behind it, and an
 * intensifier doubles the next one.
 */
public class Service extends BaseService {
    public record Prepared(
            String review, String text, OptionalLong stars, String language, List<List<String>> sentences) {}

    public sealed interface Feeling {}

    public record Happy(int strength) implements Feeling {}

    public record Unhappy(int strength) implements Feeling {}

    public record Mixed(int good, int bad) implements Feeling {}

    public record Neutral() implements Feeling {}

    /** {@code telling}: the word that says most. */
    public record Felt(
            String review,
            String text,
            OptionalLong stars,
            String language,
            List<List<String>> sentences,
            Feeling feeling,
            Optional<String> telling) {}

    /** How many words a negation reaches. */
    private static final int REACH = 3;

    private sealed interface Word {}

    private record Weight(int value) implements Word {}

    private record Negation() implements Word {}

    private record Intensifier() implements Word {}

    private Map<String, Word> lexicon;

    @Override
    public void startup() throws IOException {
        lexicon = read(Parameters.text("language"));
    }

    public Felt sentiment(Prepared given) {
        var tally = new Tally();
        for (List<String> sentence : given.sentences()) weigh(sentence, tally);
        return new Felt(
                given.review(),
                given.text(),
                given.stars(),
                given.language(),
                given.sentences(),
                tally.feeling(),
                Optional.ofNullable(tally.telling));
    }

    private void weigh(List<String> sentence, Tally tally) {
        int negated = 0;
        int factor = 1;
        for (String text : sentence) {
            switch (lexicon.get(text)) {
                case Negation negation -> negated = REACH + 1;
                case Intensifier intensifier -> factor = 2;
                case Weight(int value) -> {
                    tally.add(text, negated > 0 ? -value : value * factor);
                    factor = 1;
                }
                case null -> factor = 1;
            }
            negated = Math.max(0, negated - 1);
        }
    }

    private static final class Tally {
        private int good;
        private int bad;
        private int most;
        private String telling;

        void add(String text, int weight) {
            if (weight > 0) good += weight;
            else bad -= weight;
            if (Math.abs(weight) > most) {
                most = Math.abs(weight);
                telling = text;
            }
        }

        Feeling feeling() {
            if (good > 0 && bad > 0) return new Mixed(good, bad);
            if (good > 0) return new Happy(good);
            if (bad > 0) return new Unhappy(bad);
            return new Neutral();
        }
    }

    /** Lines of a word, a tab, and its weight, {@code not} or {@code very}. */
    private static Map<String, Word> read(String language) throws IOException {
        Path file = Path.of("words", language + ".tsv");
        if (!Files.isRegularFile(file))
            throw new IllegalArgumentException("no list of words for the language \"" + language + "\"");
        var words = new HashMap<String, Word>();
        for (String line : Files.readAllLines(file)) {
            String[] parts = line.split("\t");
            words.put(parts[0], switch (parts[1]) {
                case "not" -> new Negation();
                case "very" -> new Intensifier();
                default -> new Weight(Integer.parseInt(parts[1]));
            });
        }
        return words;
    }
}
