package fr.relais.simulator;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page that a search asks for.
 *
 * @param first position of its first offer, from 0
 * @param last position of its last offer, included
 */
record Range(int first, int last) {

    static final int LARGEST = 150;

    /** What a search without a range gets. */
    static final Range DEFAULT = new Range(0, LARGEST - 1);

    private static final Pattern FORMAT = Pattern.compile("(\\d{1,9})-(\\d{1,9})");

    /** Reads {@code a-b}; throws InvalidParameter where the API answers 400. */
    static Range parse(String text, int windowCap) {
        Matcher bounds = FORMAT.matcher(text);
        if (!bounds.matches()) {
            throw wrongFormat();
        }
        Range range = new Range(Integer.parseInt(bounds.group(1)), Integer.parseInt(bounds.group(2)));
        if (range.last < range.first) {
            throw wrongFormat();
        }
        int lastStart = windowCap - LARGEST;
        if (range.first > lastStart) {
            throw new InvalidParameter("La position de début doit être inférieure ou égale à %d.".formatted(lastStart));
        }
        if (range.last - range.first >= LARGEST) {
            throw new InvalidParameter("La plage de résultats demandée est trop importante.");
        }
        return range;
    }

    private static InvalidParameter wrongFormat() {
        return new InvalidParameter("Format du paramètre « range » incorrect. <entier>-<entier> attendu.");
    }
}
