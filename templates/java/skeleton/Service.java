import java.util.OptionalLong;

/**
 * The functions that nstack.yaml declares: the public methods of this class.
 *
 * <p>They are tested without a container: {@code new Service().greet(new Service.Person("Ada", OptionalLong.of(1815)))}.
 */
public class Service {
    public record Person(String name, OptionalLong born) {}

    public String greet(Person person) {
        String age = person.born().isPresent() ? ", born in " + person.born().getAsLong() : "";
        return "Hello, " + person.name() + age + "!";
    }
}
