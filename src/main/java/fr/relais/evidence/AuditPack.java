package fr.relais.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import fr.relais.changelog.Changelog;
import fr.relais.changelog.MethodVersion;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.sweep.Certificates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The audit pack (licence, article 13): a zip file with the evidence, which an auditor checks without Relais. It has
 * the ledger, the certificates of sweeps, the versions of the method, the settings without secrets, the duties with
 * their states, and a summary and instructions in French. It contains no content of an offer, no id of an offer and no
 * secret.
 *
 * <p>The pack depends only on what existed at an instant. It is made of the same bytes when it is made again for that
 * instant, as long as the retention ({@code relais.sweep.keep}) has not deleted certificates.
 */
public final class AuditPack {

    private final Ledger ledger;
    private final Certificates certificates;
    private final Changelog changelog;

    /**
     * What a pack covers.
     *
     * @param until the instant of the pack; null when the ledger is empty
     * @param entries the number of entries of the ledger
     * @param certificates the number of certificates
     */
    public record Extent(Instant until, long entries, int certificates) {

        @Override
        public String toString() {
            return entries + " entries of the ledger and " + certificates + " certificates until " + until;
        }
    }

    public AuditPack(Ledger ledger, Certificates certificates, Changelog changelog) {
        this.ledger = ledger;
        this.certificates = certificates;
        this.changelog = changelog;
    }

    /**
     * Writes the pack of what existed at an instant. Holds a connection to the database until the ledger is written.
     *
     * @param until the instant; by default the time of the last entry of the ledger
     */
    public Extent write(OutputStream out, Optional<Instant> until) throws IOException {
        PackZip zip = new PackZip(out);
        zip.begin("ledger.jsonl");
        Content content = new Content(zip, until);
        try {
            ledger.read(content::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Long sweep : content.certified) {
            Optional<String> certificate = certificates.text(sweep);
            if (certificate.isPresent()) {
                zip.add("certificates/" + sweep + ".json", certificate.get());
                content.summary.countCertificate();
            }
        }
        for (MethodVersion version : methods(content.until)) {
            zip.add("method/" + version.number() + ".txt", version.method().text());
            content.summary.add(version);
        }
        zip.add("settings.json", content.settings);
        JsonNode duties = content.duties.json();
        zip.add("duties.json", duties.toString());
        zip.add("summary.html", content.summary.html(content.until, content.last, duties));
        zip.add("README.txt", resource("README.txt"));
        zip.finish();
        return new Extent(
                content.until, content.last == null ? 0 : content.last.number(), content.summary.certificates());
    }

    /** Returns the versions of the method at the instant, oldest first. */
    private List<MethodVersion> methods(Instant until) {
        return changelog.read().versions().stream()
                .filter(version -> until != null && !version.since().isAfter(until))
                .sorted(Comparator.comparing(MethodVersion::number))
                .toList();
    }

    static String resource(String name) throws IOException {
        try (InputStream in = AuditPack.class.getResourceAsStream("/fr/relais/evidence/" + name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** What the entries of the ledger say about the rest of the pack. */
    private static final class Content {

        private final PackZip zip;
        private final Optional<Instant> limit;
        private final Summary summary = new Summary();
        private final RecordedDuties duties = new RecordedDuties();
        private final Set<Long> certified = new LinkedHashSet<>();
        private String settings = "{}";
        private Instant until;
        private LedgerEntry last;
        private boolean isComplete;

        Content(PackZip zip, Optional<Instant> limit) {
            this.zip = zip;
            this.limit = limit;
            this.until = limit.orElse(null);
        }

        /**
         * Adds an entry. The pack ends before the first entry that is later than the instant. So entries that are
         * written after the pack never change it, even if the clock of a machine is wrong.
         */
        void add(LedgerEntry entry) {
            Optional<LedgerEntry.Content> content = entry.content();
            Optional<Instant> at = content.map(LedgerEntry.Content::at);
            isComplete |= limit.isPresent() && at.isPresent() && at.get().isAfter(limit.get());
            if (isComplete) {
                return;
            }
            try {
                zip.write(entry.text() + '\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            last = entry;
            content.ifPresent(readable -> add(entry.number(), readable));
        }

        private void add(long number, LedgerEntry.Content content) {
            until = limit.orElse(content.at());
            summary.add(number, content);
            duties.add(number, content);
            if (content.kind().equals(Kind.SETTINGS.toString())) {
                settings = content.data().toString();
            } else if (content.data().hasNonNull("certificate")) {
                certified.add(content.data().path("sweep").asLong());
            }
        }
    }
}
