import io.nstack.BaseService;
import io.nstack.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import libsvm.svm;
import libsvm.svm_model;
import libsvm.svm_node;
import libsvm.svm_parameter;
import libsvm.svm_problem;

/** How bad a flight's delay is: a support vector regression learnt from ratings that passengers gave. */
public class Service extends BaseService {
    public sealed interface Status {}

    public record OnTime() implements Status {}

    public record Early(int minutes) implements Status {}

    public record Late(int minutes) implements Status {}

    public record Unknown() implements Status {}

    public sealed interface Level {}

    public record Fine() implements Level {}

    public record Bad() implements Level {}

    public record Unrated() implements Level {}

    public record Leg(
            Instant date, List<String> route, double kilometres, Status status, Optional<String> note) {}

    public record Scored(
            Instant date,
            List<String> route,
            Status status,
            OptionalDouble score,
            Level level,
            Optional<String> note) {}

    // The model is asked once for each cell of this grid; a leg is then a look-up. Minutes, and kilometres in hundreds.
    private static final int MINUTES = 481;
    private static final int HUNDREDS = 81;

    private final double[][] grid = new double[MINUTES][HUNDREDS];
    private double threshold;

    @Override
    public void startup() throws IOException {
        threshold = Parameters.number("threshold");
        svm_model model = learn(Path.of("ratings.csv"));
        for (int minute = 0; minute < MINUTES; minute++) {
            for (int hundred = 0; hundred < HUNDREDS; hundred++) {
                double score = svm.svm_predict(model, features(minute, hundred * 100 + 50));
                grid[minute][hundred] = Math.round(Math.clamp(score, 0, 10) * 10) / 10.0;
            }
        }
    }

    public Scored score(Leg leg) {
        return switch (leg.status()) {
            case OnTime onTime -> scored(leg, 0);
            case Early early -> scored(leg, 0);
            case Late(int minutes) -> scored(leg, minutes);
            case Unknown unknown -> scored(leg, OptionalDouble.empty(), new Unrated());
        };
    }

    private Scored scored(Leg leg, int minutes) {
        int hundred = Math.min((int) leg.kilometres() / 100, HUNDREDS - 1);
        double score = grid[Math.min(minutes, MINUTES - 1)][hundred];
        return scored(leg, OptionalDouble.of(score), score >= threshold ? new Bad() : new Fine());
    }

    private static Scored scored(Leg leg, OptionalDouble score, Level level) {
        return new Scored(leg.date(), leg.route(), leg.status(), score, level, leg.note());
    }

    /** Learns from lines of minutes, kilometres and score. */
    private static svm_model learn(Path ratings) throws IOException {
        double[][] rows = Files.readAllLines(ratings).stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
                .toArray(double[][]::new);
        var problem = new svm_problem();
        problem.l = rows.length;
        problem.x = Arrays.stream(rows).map(row -> features(row[0], row[1])).toArray(svm_node[][]::new);
        problem.y = Arrays.stream(rows).mapToDouble(row -> row[2]).toArray();
        var parameters = new svm_parameter();
        parameters.svm_type = svm_parameter.EPSILON_SVR;
        parameters.kernel_type = svm_parameter.RBF;
        parameters.C = 50;
        parameters.gamma = 0.3;
        parameters.p = 0.05;
        parameters.eps = 0.001;
        parameters.cache_size = 10;
        svm.svm_set_print_string_function(line -> {});
        return svm.svm_train(problem, parameters);
    }

    /** Hours, and thousands of kilometres: of one size, so that neither rules the model. */
    private static svm_node[] features(double minutes, double kilometres) {
        return new svm_node[] {node(1, minutes / 60), node(2, kilometres / 1000)};
    }

    private static svm_node node(int index, double value) {
        var node = new svm_node();
        node.index = index;
        node.value = value;
        return node;
    }
}
