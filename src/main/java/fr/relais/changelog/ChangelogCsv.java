package fr.relais.changelog;

import static fr.relais.licence.PublishedCsv.escapeFormula;

import fr.relais.audit.SelfAudit;
import fr.relais.licence.Mentions;
import fr.relais.licence.PublishedCsv;
import fr.relais.sweep.SweepSummary;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.commons.csv.CSVPrinter;

/** The file {@code modifications.csv}: {@link PublishedCsv} in UTF-8. The first column gives the kind of the row. */
final class ChangelogCsv {

    private final CSVPrinter printer;

    private ChangelogCsv(CSVPrinter printer) {
        this.printer = printer;
    }

    static byte[] write(ChangelogContent content) {
        StringWriter text = new StringWriter();
        try (CSVPrinter printer = PublishedCsv.printer(text)) {
            new ChangelogCsv(printer).print(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void print(ChangelogContent content) throws IOException {
        printer.printRecord(
                "rubrique",
                "numero",
                "date",
                "libelle",
                "texte",
                "creees",
                "mises_a_jour",
                "inchangees",
                "retirees",
                "retirees_hors_perimetre",
                "conservees_sans_confirmation",
                "enregistrements_ecartes");
        Mentions mentions = content.mentions();
        print("MENTION", "", null, "source", mentions.source());
        print("MENTION", "", mentions.updatedAt(), "derniere_mise_a_jour", mentions.updatedAtText());
        print("MENTION", "", null, "licence", mentions.licence());
        print("MENTION", "", null, "url_licence", mentions.licenceUrl());
        print("MENTION", "", null, "url_modifications", mentions.changelogUrl());
        if (content.anchor().isPresent()) {
            print("MENTION", "", null, "registre", content.anchor().get().toString());
        }
        if (content.selfAudit().isPresent()) {
            SelfAudit audit = content.selfAudit().get();
            print("CONTROLE", "", audit.at(), "resultat", ChangelogContent.inWords(audit));
        }
        for (MethodVersion version : content.versions()) {
            print("METHODE", version.number(), version.since(), "sha256", version.sha256());
            for (Method.Section section : version.method().sections()) {
                for (String line : section.lines()) {
                    print("METHODE", version.number(), version.since(), section.title(), line);
                }
            }
            for (String line : version.difference()) {
                print("DIFFERENCE", version.number(), version.since(), "", line);
            }
        }
        for (SweepSummary sweep : content.sweeps()) {
            printer.printRecord(
                    "BALAYAGE",
                    sweep.id(),
                    sweep.startedAt(),
                    Mentions.TEXTS.getString("changelog.state." + sweep.state()),
                    "",
                    sweep.created(),
                    sweep.updated(),
                    sweep.unchanged(),
                    sweep.removed(),
                    sweep.outOfScope(),
                    sweep.kept(),
                    sweep.setAside());
        }
    }

    private void print(String kind, Object number, Instant date, String label, String text) throws IOException {
        printer.printRecord(
                kind,
                number,
                date == null ? "" : date,
                escapeFormula(label),
                escapeFormula(text),
                "",
                "",
                "",
                "",
                "",
                "",
                "");
    }
}
