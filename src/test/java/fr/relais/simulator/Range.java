package fr.relais.simulator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The range of offers that a search requests.
 *
 * @param first position of its first offer, counted from 0
 * @param last position of its last offer
 */
record Range(int first, int last) {

    /** The maximum number of offers in a range. */
    static final int MAX_SIZE = 150;

    /** The range of a search that requests none. */
    static final Range DEFAULT = new Range(0, MAX_SIZE - 1);

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})-(\\d{1,9})");

    /**
     * Parses a range such as {@code 0-149}.
     *
     * @param windowCap how many offers of one search can be reached
     * @throws InvalidParameter when the API would answer 400
     */
    static Range parse(String text, int windowCap) {
        Matcher bounds = FORMAT.matcher(text);
        if (!bounds.matches()) {
            throw wrongFormat();
        }
        Range range = new Range(Integer.parseInt(bounds.group(1)), Integer.parseInt(bounds.group(2)));
        if (range.last < range.first) {
            throw wrongFormat();
        }
        int maxFirst = windowCap - MAX_SIZE;
        if (range.first > maxFirst) {
            throw new InvalidParameter("La position de début doit être inférieure ou égale à %d.".formatted(maxFirst));
        }
        if (range.last - range.first >= MAX_SIZE) {
            throw new InvalidParameter("La plage de résultats demandée est trop importante.");
        }
        return range;
    }

    private static InvalidParameter wrongFormat() {
        return new InvalidParameter("Format du paramètre « range » incorrect. <entier>-<entier> attendu.");
    }
}
