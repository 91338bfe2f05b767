package fr.relais.changelog;

import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepSummary;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * {@code modifications.csv}: UTF-8, semicolons, CRLF, quotes as in RFC 4180; the first column says what the row is about. A text that a
 * spreadsheet would take for a formula, and one that begins with an apostrophe, has an apostrophe before it.
 */
final class ChangelogCsv {

    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setDelimiter(';').get();

    private final CSVPrinter printer;

    private ChangelogCsv(CSVPrinter printer) {
        this.printer = printer;
    }

    static byte[] write(Reading reading) {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = new CSVPrinter(text, FORMAT)) {
            new ChangelogCsv(printer).print(reading);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void print(Reading reading) throws IOException {
        printer.printRecord(
                "rubrique",
                "numero",
                "date",
                "libelle",
                "texte",
                "offre",
                "creees",
                "mises_a_jour",
                "inchangees",
                "retirees",
                "retirees_hors_perimetre",
                "conservees_sans_confirmation",
                "enregistrements_ecartes");
        Mentions mentions = reading.mentions();
        print("MENTION", "", null, "source", mentions.source(), "");
        print("MENTION", "", mentions.updatedAt(), "derniere_mise_a_jour", mentions.updatedAtText(), "");
        print("MENTION", "", null, "licence", mentions.licence(), "");
        print("MENTION", "", null, "url_licence", mentions.licenceUrl(), "");
        print("MENTION", "", null, "url_modifications", mentions.changelogUrl(), "");
        for (MethodVersion version : reading.versions()) {
            print("METHODE", version.number(), version.since(), "sha256", version.sha256(), "");
            for (Method.Section section : version.method().sections()) {
                for (String line : section.lines()) {
                    print("METHODE", version.number(), version.since(), section.title(), line, "");
                }
            }
            for (String line : version.difference()) {
                print("DIFFERENCE", version.number(), version.since(), "", line, "");
            }
        }
        for (SweepSummary sweep : reading.sweeps()) {
            printer.printRecord(
                    "BALAYAGE",
                    sweep.id(),
                    sweep.startedAt(),
                    Mentions.TEXTS.getString("changelog.state." + sweep.state()),
                    "",
                    "",
                    sweep.created(),
                    sweep.updated(),
                    sweep.unchanged(),
                    sweep.removed(),
                    sweep.outOfScope(),
                    sweep.kept(),
                    sweep.setAside());
        }
        for (Modification modification : reading.modifications()) {
            print("OFFRE_MODIFIEE_PAR_NOUS", modification.sweepId(), null, "", "", modification.offerId());
        }
    }

    private void print(String kind, Object number, Instant date, String label, String text, String offer)
            throws IOException {
        printer.printRecord(
                kind,
                number,
                date == null ? "" : date,
                guarded(label),
                guarded(text),
                guarded(offer),
                "",
                "",
                "",
                "",
                "",
                "",
                "");
    }

    private static String guarded(String text) {
        return !text.isEmpty() && "=+-@\t\r'".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    }
}
