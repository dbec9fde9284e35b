package io.nstack.bridge;

import io.nstack.json.JsonWriter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the author's methods stand, as the compiler saw it: {@code META-INF/nstack/places} holds a
 * line for each, with the class, the name, the number of parameters, the file, the line and the
 * column, tabs between them.
 */
final class Places {
    private static final String FILE = "META-INF/nstack/places";

    /**
     * @param file relative to the folder of the service's own code file where it lies below that
     */
    record Place(String owner, String name, int parameters, String file, int line, int column) {
        void write(JsonWriter out) {
            out.raw("\"file\":");
            out.text(file);
            out.raw(",\"line\":");
            out.integer(line);
            out.raw(",\"column\":");
            out.integer(column);
            out.put(',');
        }
    }

    private final List<Place> places = new ArrayList<>();

    /**
     * Those that the code of a class was compiled with; none where it was compiled in another way.
     */
    static Places of(Class<?> service) {
        Places places = new Places();
        try (InputStream bytes = service.getClassLoader().getResourceAsStream(FILE)) {
            if (bytes != null)
                places.read(
                        new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8)),
                        folderOf(service.getName()));
        } catch (IOException unreadable) {
            places.places.clear();
        }
        return places;
    }

    private static String folderOf(String name) {
        return name.substring(0, name.lastIndexOf('.') + 1).replace('.', '/');
    }

    private void read(BufferedReader lines, String folder) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] parts = line.split("\t", -1);
            String file =
                    parts[3].startsWith(folder) ? parts[3].substring(folder.length()) : parts[3];
            places.add(
                    new Place(
                            parts[0],
                            parts[1],
                            Integer.parseInt(parts[2]),
                            file,
                            Integer.parseInt(parts[4]),
                            Integer.parseInt(parts[5])));
        }
    }

    /** The place of a method among all; -1 where it is not known. */
    int find(Method method) {
        for (int index = 0; index < places.size(); index++) {
            Place place = places.get(index);
            if (place.name().equals(method.getName())
                    && place.parameters() == method.getParameterCount()
                    && place.owner().equals(method.getDeclaringClass().getName())) return index;
        }
        return -1;
    }

    Place get(int index) {
        return index < 0 ? null : places.get(index);
    }
}
