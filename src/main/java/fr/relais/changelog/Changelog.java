package fr.relais.changelog;

import fr.relais.audit.SelfAudits;
import fr.relais.ledger.Anchor;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.Mentions;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepSummary;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The changelog (licence, article 4): all versions of the method, and the counts of the sweeps. It contains nothing of
 * an offer, not even an id, because the list of all modified offers could be the list of the base (article 3.1).
 */
public final class Changelog {

    /** The name of the page, and of the files without their suffix. */
    private static final String NAME = "modifications";

    private static final int MAX_SWEEPS = 1_000;

    private final JdbcClient jdbc;
    private final MethodHistory methods;
    private final Freshness freshness;
    private final SweepHistory sweeps;
    private final Ledger ledger;
    private final SelfAudits selfAudits;
    private final LicenceRegister licence;
    private final String licenceUrl;
    private final String url;
    private final Publication publication;
    private Current current;

    private record Current(String fingerprint, ChangelogContent content, List<Document> documents) {}

    /**
     * @param transaction at level READ COMMITTED
     * @param method the method of this process
     * @param publicUrl the address of our pages, one of which is the changelog; without it, the documents contain a
     *     relative link to that page
     * @param destination the endpoint to which the changelog is published
     */
    public Changelog(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Method method,
            Freshness freshness,
            SweepHistory sweeps,
            Ledger ledger,
            SelfAudits selfAudits,
            LicenceRegister licence,
            String licenceUrl,
            Optional<String> publicUrl,
            String destination,
            Clock clock) {
        this.jdbc = jdbc;
        this.methods = new MethodHistory(jdbc, transaction, method, clock);
        this.freshness = freshness;
        this.sweeps = sweeps;
        this.ledger = ledger;
        this.selfAudits = selfAudits;
        this.licence = licence;
        this.licenceUrl = licenceUrl;
        this.url = publicUrl.map(site -> site + "/" + NAME).orElse(NAME);
        this.publication = new Publication(jdbc, transaction, ledger, this, destination, clock);
    }

    /** Returns the publication of the changelog to its destination, for readers who do not visit our pages. */
    public Publication publication() {
        return publication;
    }

    /** Records the method of this process as a new version, unless it is the newest version already. */
    public void recordMethod() {
        methods.record();
    }

    /** Returns the current content. */
    public ChangelogContent read() {
        return current().content;
    }

    /** Returns the current content in every format. */
    public List<Document> documents() {
        return current().documents;
    }

    /** Returns the current content and documents. They are made only when the fingerprint has changed. */
    private synchronized Current current() {
        String fingerprint = fingerprint();
        if (current == null || !current.fingerprint.equals(fingerprint)) {
            ChangelogContent content = new ChangelogContent(
                    Mentions.of(freshness.read().updatedAt(), licence.versionInForce(), licenceUrl, url),
                    UUID.fromString(jdbc.sql("select feed from publication where id = 1")
                            .query(String.class)
                            .single()),
                    methods.versions(),
                    endedSweeps(),
                    anchor(),
                    selfAudits.last());
            current = new Current(
                    fingerprint,
                    content,
                    List.of(
                            new Document(NAME + ".csv", "text/csv; charset=utf-8", ChangelogCsv.write(content)),
                            new Document(NAME + ".json", "application/json", ChangelogJson.write(content)),
                            new Document(
                                    NAME + ".atom",
                                    "application/atom+xml; charset=utf-8",
                                    ChangelogAtom.write(content))));
        }
        return current;
    }

    /** Returns a text that changes whenever the documents change. It takes far less work than writing them. */
    String fingerprint() {
        StringBuilder fingerprint = new StringBuilder(String.join(
                "\n",
                licenceUrl,
                url,
                licence.versionInForce().toString(),
                String.valueOf(freshness.read().updatedAt()),
                methods.newest().toString(),
                anchor().toString(),
                selfAudits.last().toString()));
        endedSweeps()
                .forEach(sweep ->
                        fingerprint.append('\n').append(sweep.startedAt()).append(sweep));
        return fingerprint.toString();
    }

    /**
     * Returns the anchor of the last sweep in the ledger. The last entry of any kind does not serve here: each
     * publication adds an entry, and would require another publication.
     */
    private Optional<Anchor> anchor() {
        return ledger.last(LedgerEntry.Kind.SWEEP).map(LedgerEntry::anchor);
    }

    private List<SweepSummary> endedSweeps() {
        return sweeps.last(MAX_SWEEPS).stream()
                .filter(sweep -> sweep.state().isEnded())
                .toList();
    }
}
