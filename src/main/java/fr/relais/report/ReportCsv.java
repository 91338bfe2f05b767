package fr.relais.report;

import fr.relais.licence.PublishedCsv;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import org.apache.commons.csv.CSVPrinter;

/**
 * The file that the licence requires each month: {@link PublishedCsv} in UTF-8, with the total first and then one line
 * for each offer.
 */
final class ReportCsv {

    private final YearMonth month;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CSVPrinter printer;

    ReportCsv(YearMonth month, long total) {
        this.month = month;
        try {
            printer = PublishedCsv.printer(new OutputStreamWriter(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        print("mois", "perimetre", "identifiant_offre", "consultations");
        print(month, "ENSEMBLE", "", total);
    }

    void add(String offerId, long views) {
        print(month, "OFFRE", PublishedCsv.escapeFormula(offerId), views);
    }

    byte[] bytes() {
        try {
            printer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void print(Object... values) {
        try {
            printer.printRecord(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
