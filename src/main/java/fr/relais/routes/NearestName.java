package fr.relais.routes;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** The known name that is nearest to a misspelt one. */
final class NearestName {

    private NearestName() {}

    /**
     * Returns the known name with the smallest edit distance; empty when that distance is more than a third of the
     * letters. The prefix {@code relais-} of a known name may be missing.
     */
    static Optional<String> of(String name, Collection<String> known) {
        int letters = name.replaceFirst("^\\w+:", "").length();
        return known.stream()
                .filter(other -> !other.equals(name))
                .map(other -> Map.entry(other, Math.min(distance(name, other), distance(name, withoutPrefix(other)))))
                .filter(other -> other.getValue() <= Math.max(1, letters / 3))
                .min(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }

    private static String withoutPrefix(String name) {
        return name.replaceFirst("^(\\w+:)?relais-", "$1");
    }

    /**
     * Returns a remedy that proposes the nearest name.
     *
     * @param otherwise the remedy when no name is near
     */
    static String remedy(String name, Collection<String> known, String otherwise) {
        return of(name, known).map(nearest -> "Did you mean " + nearest + "?").orElse(otherwise);
    }

    /** Returns a remedy that proposes the nearest name or, when no name is near, lists the known names. */
    static String remedy(String name, Collection<String> known) {
        return remedy(
                name,
                known,
                "The known names are "
                        + String.join(", ", known.stream().sorted().toList()) + ".");
    }

    /**
     * Returns the edit distance of two names: the number of insertions, deletions, substitutions and swaps of adjacent
     * letters that turn one into the other.
     */
    private static int distance(String one, String other) {
        int[][] distance = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int cost = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                distance[i][j] =
                        Math.min(distance[i - 1][j - 1] + cost, Math.min(distance[i - 1][j], distance[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    distance[i][j] = Math.min(distance[i][j], distance[i - 2][j - 2] + 1);
                }
            }
        }
        return distance[one.length()][other.length()];
    }
}
