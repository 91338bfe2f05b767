package fr.relais.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The file that the licence asks for each month: UTF-8, semicolons, CRLF, quotes as in RFC 4180; the total first, then the offers. */
final class ReportCsv implements AutoCloseable {

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setDelimiter(';').get();

    private final YearMonth month;
    private final CSVPrinter printer;

    ReportCsv(YearMonth month, long total, OutputStream out) throws IOException {
        this.month = month;
        Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        printer = new CSVPrinter(writer, FORMAT);
        printer.printRecord("mois", "perimetre", "identifiant_offre", "consultations");
        printer.printRecord(month, "ENSEMBLE", "", total);
    }

    void add(String offerId, long views) {
        try {
            printer.printRecord(month, "OFFRE", guarded(offerId), views);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A spreadsheet takes what begins so for a formula. */
    private static String guarded(String text) {
        return text.matches("[=+@\\t\\r-].*") ? "'" + text : text;
    }

    @Override
    public void close() throws IOException {
        printer.close();
    }
}
