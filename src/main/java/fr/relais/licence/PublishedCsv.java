package fr.relais.licence;

import java.io.IOException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The CSV that Relais publishes: semicolons, CRLF, quotes as in RFC 4180. */
public final class PublishedCsv {

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setDelimiter(';').get();

    private static final String GUARDED = "=+-@\t\r'";

    private PublishedCsv() {}

    /** Prints records to {@code out}. */
    public static CSVPrinter printer(Appendable out) throws IOException {
        return new CSVPrinter(out, FORMAT);
    }

    /**
     * A text that no spreadsheet takes for a formula: an apostrophe is put before a text that starts as a formula
     * does, and before one that starts with an apostrophe, so that removing one apostrophe always gives the text.
     */
    public static String guarded(String text) {
        return !text.isEmpty() && GUARDED.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
