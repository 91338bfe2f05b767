package fr.relais.changelog;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import fr.relais.licence.Mentions;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What the public may read of the mirror (licence, article 4): the method with all its versions, the counts of the sweeps, and the ids of
 * the living offers that were modified by us. It knows no word of an offer, and the id of a removed one goes with the offer.
 */
public final class Changelog {

    private static final String NAME = "modifications";

    private static final int MOST_SWEEPS = 1_000;

    /** Three small files are sent within seconds; who takes longer has died. */
    private static final Duration LONGEST_PUBLICATION = Duration.ofMinutes(10);

    private static final int MOST_ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Method method;
    private final boolean isTransforming;
    private final Freshness freshness;
    private final Sweeps sweeps;
    private final String licenceUrl;
    private final String url;
    private final String destination;
    private final Clock clock;

    /** The version that this process recorded or found to be its own; 0 before that. */
    private int recorded;

    /**
     * @param transaction at level READ COMMITTED
     * @param method in force in this process
     * @param isTransforming whether offers are modified by us
     * @param publicUrl of the pages, one of which is the changelog; without it the documents say where that is as seen from beside it
     * @param destination where it is published: what was published elsewhere is published there too. It may hold a password, so nothing
     *     but a digest of it is kept
     */
    public Changelog(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Method method,
            boolean isTransforming,
            Freshness freshness,
            Sweeps sweeps,
            String licenceUrl,
            Optional<String> publicUrl,
            String destination,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.method = method;
        this.isTransforming = isTransforming;
        this.freshness = freshness;
        this.sweeps = sweeps;
        this.licenceUrl = licenceUrl;
        this.url = publicUrl.map(site -> site + "/" + NAME).orElse(NAME);
        this.destination = destination;
        this.clock = clock;
    }

    /** Whether the offers that a page creates or updates are to be noted as modified by us. */
    public boolean isTransforming() {
        return isTransforming;
    }

    /**
     * Notes the method of this process as a new version, if it is not the newest one. Of processes with different methods beside each
     * other, as while a release is rolled out, each does so once, when it begins; none answers the other's version with its own again.
     */
    public synchronized void record() {
        if (isRecorded()) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            // Of processes that begin together, one waits here until the other's version can be seen.
            jdbc.sql("select id from publication where id = 1 for update")
                    .query(Integer.class)
                    .single();
            if (!isRecorded()) {
                jdbc.sql("insert into method (since, sha256, text) values (:now, :sha256, :text)")
                        .param("now", now())
                        .param("sha256", method.sha256())
                        .param("text", method.text())
                        .update();
            }
        });
        isRecorded();
    }

    private boolean isRecorded() {
        return newest().map(newest -> {
                    if (newest.sha256.equals(method.sha256())) {
                        recorded = newest.version;
                        return true;
                    }
                    // A smaller one: the database was restored, and ours is lost.
                    return recorded > 0 && newest.version > recorded;
                })
                .orElse(false);
    }

    private Optional<Newest> newest() {
        return jdbc.sql("select version, sha256 from method order by version desc limit 1")
                .query(Newest.class)
                .optional();
    }

    private record Newest(int version, String sha256) {}

    /** What is to be published, by this process alone; without documents when nothing has changed or another process is at it. */
    public Edition due() {
        String state = state();
        Published published = published();
        if (state.equals(published.sha256)) {
            if (published.attempts > 0) {
                // What could not be published is no longer to be.
                jdbc.sql(
                                "update publication set attempts = 0, first_attempt_at = null, reason = null where sha256 = :state")
                        .param("state", state)
                        .update();
            }
            return Edition.NONE;
        }
        LocalDateTime now = now();
        LocalDateTime until = now.plus(LONGEST_PUBLICATION);
        boolean claimed = jdbc.sql("""
                update publication set claimed_until = :until, attempts = attempts + 1,
                  first_attempt_at = coalesce(first_attempt_at, :now)
                where (claimed_until is null or claimed_until <= :now) and (sha256 is null or sha256 <> :state)""")
                        .param("until", until)
                        .param("now", now)
                        .param("state", state)
                        .update()
                == 1;
        return claimed ? edition(state, until) : Edition.NONE;
    }

    private Edition edition(String state, LocalDateTime until) {
        try {
            return new Edition(state, until, documents());
        } catch (RuntimeException e) {
            fail(new Edition(state, until, List.of()), e);
            throw e;
        }
    }

    /** It is where it belongs. */
    public void publish(Edition edition) {
        if (edition.claimedUntil() == null) {
            return;
        }
        jdbc.sql("""
                update publication set sha256 = :state, published_at = :now, attempts = 0, first_attempt_at = null,
                  reason = null, claimed_until = null
                where claimed_until = :until""")
                .param("state", edition.state())
                .param("now", now())
                .param("until", edition.claimedUntil())
                .update();
    }

    /**
     * It could not be published, and is to be once more. A database that is away cannot note that: then the claim runs out.
     *
     * @param edition null when it did not come to that
     */
    public void fail(Edition edition, Throwable failure) {
        if (edition == null) {
            return;
        }
        try {
            jdbc.sql(
                            "update publication set reason = left(:reason, 500), claimed_until = null where claimed_until = :until")
                    .param("reason", reason(failure))
                    .param("until", edition.claimedUntil())
                    .update();
        } catch (DataAccessException e) {
            // The caller's log has the failure.
        }
    }

    /** What to log about a failure: the kinds of it, for the messages may quote an address with its password. */
    public String reason(Throwable failure) {
        List<String> kinds = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            kinds.add(cause.getClass().getSimpleName());
        }
        return kinds.stream().distinct().collect(Collectors.joining(", because of "));
    }

    /** Whether somebody must see to it: more than three attempts have failed, or there was no success for an hour. */
    public Optional<Trouble> trouble() {
        Published published = published();
        return Optional.ofNullable(published.firstAttemptAt)
                .map(since -> new Trouble(published.attempts, since.toInstant(ZoneOffset.UTC), published.reason))
                .filter(trouble -> trouble.attempts() > MOST_ATTEMPTS
                        || trouble.since().plus(PATIENCE).isBefore(clock.instant()));
    }

    private Published published() {
        return jdbc.sql("select sha256, attempts, first_attempt_at, reason from publication where id = 1")
                .query(Published.class)
                .single();
    }

    private record Published(String sha256, int attempts, LocalDateTime firstAttemptAt, String reason) {}

    /** All of it, now. */
    public Reading read() {
        return new Reading(
                Mentions.of(freshness.read().updatedAt(), licenceUrl, url),
                UUID.fromString(jdbc.sql("select feed from publication where id = 1")
                        .query(String.class)
                        .single()),
                versions(),
                ended(),
                jdbc.sql("select offer_id, sweep_id from modification order by offer_id")
                        .query(Modification.class)
                        .list());
    }

    /** It as CSV: UTF-8, semicolons. */
    public byte[] csv() {
        return ChangelogCsv.write(read());
    }

    /** It as JSON. */
    public byte[] json() {
        return ChangelogJson.write(read());
    }

    /** It as an Atom feed. */
    public byte[] atom() {
        return ChangelogAtom.write(read());
    }

    /** It in every form. */
    public List<Document> documents() {
        Reading reading = read();
        return List.of(
                new Document(NAME + ".csv", "text/csv; charset=utf-8", ChangelogCsv.write(reading)),
                new Document(NAME + ".json", "application/json", ChangelogJson.write(reading)),
                new Document(NAME + ".atom", "application/atom+xml; charset=utf-8", ChangelogAtom.write(reading)));
    }

    private List<MethodVersion> versions() {
        List<MethodVersion> versions = new ArrayList<>();
        jdbc.sql("select version, since, sha256, text from method order by version")
                .query(row -> {
                    MethodVersion before = versions.isEmpty() ? null : versions.get(versions.size() - 1);
                    int number = row.getInt("version");
                    Method that = Method.parse(row.getString("text"));
                    versions.add(new MethodVersion(
                            number,
                            row.getObject("since", LocalDateTime.class).toInstant(ZoneOffset.UTC),
                            row.getString("sha256"),
                            that,
                            before == null ? List.of() : difference(before.number(), before.method(), number, that)));
                });
        Collections.reverse(versions);
        return versions;
    }

    static List<String> difference(int before, Method old, int number, Method that) {
        List<String> lines = old.lines();
        return UnifiedDiffUtils.generateUnifiedDiff(
                "version " + before, "version " + number, lines, DiffUtils.diff(lines, that.lines()), 0);
    }

    private List<SweepSummary> ended() {
        return sweeps.last(MOST_SWEEPS).stream()
                .filter(sweep -> sweep.state().isEnded())
                .toList();
    }

    /** Another one whenever the documents are others, for a fraction of the work of writing them. */
    private String state() {
        StringBuilder state = new StringBuilder(destination)
                .append('\n')
                .append(licenceUrl)
                .append('\n')
                .append(url)
                .append('\n')
                .append(freshness.read().updatedAt())
                .append('\n')
                .append(newest())
                .append('\n')
                .append(jdbc.sql("""
                        select concat_ws(' ', count(*), sum(sweep_id), bit_xor(crc32(concat_ws(' ', offer_id, sweep_id))),
                          sum(crc32(concat_ws(' ', sweep_id, offer_id)))) from modification""").query(String.class).single());
        ended().forEach(sweep -> state.append('\n').append(sweep.startedAt()).append(sweep));
        return Method.sha256(state.toString());
    }

    private LocalDateTime now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return LocalDateTime.ofInstant(now, ZoneOffset.UTC);
    }
}
