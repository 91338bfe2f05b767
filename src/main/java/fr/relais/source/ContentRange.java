package fr.relais.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Content-Range} of a search answer, such as {@code offres 0-149/66915}.
 *
 * @param first position of the first offer of the answer, from 0
 * @param last position of its last offer
 * @param total offers that the question matches at this moment
 */
record ContentRange(int first, int last, int total) {

    private static final Pattern FORM = Pattern.compile("\\s*(?:offres\\s+)?(\\d{1,9})-(\\d{1,9})/(\\d{1,9})\\s*");

    static ContentRange of(String header) {
        Matcher matcher = header == null ? null : FORM.matcher(header);
        if (matcher == null || !matcher.matches()) {
            throw new SourceException.Unavailable("the answer has no usable Content-Range");
        }
        return new ContentRange(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }
}
