import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** The second stage of the benchmark of three languages. Plain.java serves the same method with Jackson. */
public class Service {
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Nullable {}

    public sealed interface Status {}

    public record Early(int minutes) implements Status {}

    public record OnTime(int minutes) implements Status {}

    public record Late(int minutes) implements Status {}

    public record Leg(
            String date, int hour, String route, double kilometres, Status status, @Nullable String note) {}

    public record Priced(
            String date,
            String route,
            double kilometres,
            Status status,
            @Nullable Integer euros,
            @Nullable String note) {}

    public Priced price(Leg leg) {
        return new Priced(leg.date(), leg.route(), leg.kilometres(), leg.status(), owed(leg), leg.note());
    }

    /** What an airline owes a passenger for being late: more over long distances, more by night. */
    private static Integer owed(Leg leg) {
        return switch (leg.status()) {
            case Late(var minutes) when minutes > 60 -> {
                int base = leg.kilometres() < 1500 ? 250 : leg.kilometres() < 3500 ? 400 : 600;
                yield leg.note() == null ? base : base + leg.hour() * 5;
            }
            case Early early -> null;
            case OnTime onTime -> null;
            case Late late -> null;
        };
    }
}
