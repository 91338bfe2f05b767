package fr.relais.licence;

import java.io.IOException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The CSV format of what Relais publishes: semicolons, CRLF, quotes as in RFC 4180. */
public final class PublishedCsv {

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setDelimiter(';').get();

    /** The characters that get an apostrophe before them at the start of a text. */
    private static final String GUARDED = "=+-@\t\r'";

    private PublishedCsv() {}

    /** Returns a printer that writes records to {@code out}. */
    public static CSVPrinter printer(Appendable out) throws IOException {
        return new CSVPrinter(out, FORMAT);
    }

    /**
     * Returns a text that no spreadsheet takes for a formula: a text that starts like a formula gets an apostrophe
     * before it. A text that starts with an apostrophe gets one as well, so that a reader always restores the text by
     * removing a leading apostrophe.
     */
    public static String escapeFormula(String text) {
        return !text.isEmpty() && GUARDED.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
