package fr.relais.changelog;

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
 * The changelog (licence, article 4): all versions of the method, the counts of the sweeps, and the ids of the mirrored
 * offers that we modified. It contains no text of an offer, and the id of an offer is deleted with the offer.
 */
public final class Changelog {

    /** The name of the page, and of the files without their suffix. */
    private static final String NAME = "modifications";

    private static final int MAX_SWEEPS = 1_000;

    private final JdbcClient jdbc;
    private final MethodHistory methods;
    private final boolean isTransforming;
    private final Freshness freshness;
    private final SweepHistory sweeps;
    private final String licenceUrl;
    private final String url;
    private final Publication publication;

    /**
     * @param transaction at level READ COMMITTED
     * @param method the method of this process
     * @param isTransforming whether the hook {@code transform-offer} modifies offers
     * @param publicUrl the address of our pages, one of which is the changelog; without it, the documents contain a
     *     relative link to that page
     * @param destination the endpoint to which the changelog is published
     */
    public Changelog(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Method method,
            boolean isTransforming,
            Freshness freshness,
            SweepHistory sweeps,
            String licenceUrl,
            Optional<String> publicUrl,
            String destination,
            Clock clock) {
        this.jdbc = jdbc;
        this.methods = new MethodHistory(jdbc, transaction, method, clock);
        this.isTransforming = isTransforming;
        this.freshness = freshness;
        this.sweeps = sweeps;
        this.licenceUrl = licenceUrl;
        this.url = publicUrl.map(site -> site + "/" + NAME).orElse(NAME);
        this.publication = new Publication(jdbc, this, destination, clock);
    }

    /** Returns the publication of the changelog to its destination, for readers who do not visit our pages. */
    public Publication publication() {
        return publication;
    }

    /** Returns whether the offers that a sweep creates or updates must be recorded as modified by us. */
    public boolean isTransforming() {
        return isTransforming;
    }

    /** Records the method of this process as a new version, unless it is the newest version already. */
    public void recordMethod() {
        methods.record();
    }

    /** Returns the current content. */
    public ChangelogContent read() {
        return new ChangelogContent(
                Mentions.of(freshness.read().updatedAt(), licenceUrl, url),
                UUID.fromString(jdbc.sql("select feed from publication where id = 1")
                        .query(String.class)
                        .single()),
                methods.versions(),
                endedSweeps(),
                jdbc.sql("select offer_id, sweep_id from modification order by offer_id")
                        .query(Modification.class)
                        .list());
    }

    /** Returns the current content in every format. */
    public List<Document> documents() {
        ChangelogContent content = read();
        return List.of(
                new Document(NAME + ".csv", "text/csv; charset=utf-8", ChangelogCsv.write(content)),
                new Document(NAME + ".json", "application/json", ChangelogJson.write(content)),
                new Document(NAME + ".atom", "application/atom+xml; charset=utf-8", ChangelogAtom.write(content)));
    }

    /** Returns a text that changes whenever the documents change. It takes far less work than writing them. */
    String fingerprint() {
        String modifications = jdbc.sql("""
                        select concat_ws(' ', count(*), sum(sweep_id),
                          bit_xor(crc32(concat_ws(' ', offer_id, sweep_id))),
                          sum(crc32(concat_ws(' ', sweep_id, offer_id))))
                        from modification""").query(String.class).single();
        StringBuilder fingerprint = new StringBuilder(String.join(
                "\n",
                licenceUrl,
                url,
                String.valueOf(freshness.read().updatedAt()),
                methods.newest().toString(),
                modifications));
        endedSweeps()
                .forEach(sweep ->
                        fingerprint.append('\n').append(sweep.startedAt()).append(sweep));
        return fingerprint.toString();
    }

    private List<SweepSummary> endedSweeps() {
        return sweeps.last(MAX_SWEEPS).stream()
                .filter(sweep -> sweep.state().isEnded())
                .toList();
    }
}
