package fr.relais.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code Content-Range} of an answer to a search, such as {@code offres 0-149/66915}.
 *
 * @param first position of the first offer of the answer, counted from 0
 * @param last position of the last offer of the answer
 * @param total number of offers that the query matched at that moment
 */
record ContentRange(int first, int last, int total) {

    private static final Pattern FORMAT = Pattern.compile("\\s*(?:offres\\s+)?(\\d{1,9})-(\\d{1,9})/(\\d{1,9})\\s*");

    /** @throws SourceException.Unavailable when the header is null or has another form */
    static ContentRange of(String header) {
        Matcher matcher = header == null ? null : FORMAT.matcher(header);
        if (matcher == null || !matcher.matches()) {
            throw new SourceException.Unavailable("the answer has no usable Content-Range");
        }
        return new ContentRange(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
    }
}
