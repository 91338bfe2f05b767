package fr.relais.offer;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * How the content of an offer in the mirror differs from what the source shows.
 *
 * @param isUpdate whether the source has updated the offer since the mirror read it, as {@code dateActualisation} says
 * @param fields the names of the differing fields at the top level of the JSON, sorted; never a value
 */
public record Difference(boolean isUpdate, List<String> fields) {

    private static final String UPDATED_AT = "dateActualisation";

    /** Stands for a name that could be content, and for JSON that cannot be read. */
    private static final String OTHER = "(other)";

    /**
     * Compares the content. The form of the JSON does not matter.
     *
     * @param mirrored the JSON in the mirror
     * @param shown the JSON that the source shows
     */
    public static Difference of(byte[] mirrored, byte[] shown) {
        try {
            return of(Fingerprint.read(mirrored), Fingerprint.read(shown));
        } catch (IOException e) {
            return new Difference(false, Arrays.equals(mirrored, shown) ? List.of() : List.of(OTHER));
        }
    }

    private static Difference of(Map<String, Object> mirrored, Map<String, Object> shown) {
        TreeSet<String> names = new TreeSet<>(mirrored.keySet());
        names.addAll(shown.keySet());
        List<String> fields = names.stream()
                .filter(name -> mirrored.containsKey(name) != shown.containsKey(name)
                        || !Objects.equals(mirrored.get(name), shown.get(name)))
                .map(name -> name.matches("[A-Za-z][A-Za-z0-9_]{0,49}") ? name : OTHER)
                .distinct()
                .sorted()
                .toList();
        return new Difference(isLater(shown.get(UPDATED_AT), mirrored.get(UPDATED_AT)), fields);
    }

    /** Dates in this format are in the order of their texts. */
    private static boolean isLater(Object shown, Object mirrored) {
        return shown instanceof String one
                && (mirrored == null || mirrored instanceof String other && one.compareTo(other) > 0);
    }
}
