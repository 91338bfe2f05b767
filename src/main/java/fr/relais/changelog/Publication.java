package fr.relais.changelog;

import fr.relais.database.UtcTime;
import fr.relais.failure.Failures;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The publication of the changelog, once for each of its states: the table {@code publication}. Of several processes,
 * the one that has claimed an edition publishes it.
 */
public final class Publication {

    /** Three small files are sent within seconds; a process that takes longer has died. */
    private static final Duration LONGEST_PUBLICATION = Duration.ofMinutes(10);

    private static final int MOST_ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final Changelog changelog;
    private final String destination;
    private final Clock clock;

    /** The row of the table. */
    private record Row(String sha256, int attempts, LocalDateTime firstAttemptAt, String reason) {}

    /**
     * @param destination where the changelog is published; another destination gets what the last one had. It may
     *     hold a password, so only a digest of it is stored
     */
    Publication(JdbcClient jdbc, Changelog changelog, String destination, Clock clock) {
        this.jdbc = jdbc;
        this.changelog = changelog;
        this.destination = destination;
        this.clock = clock;
    }

    /** Claims what is to be published; without documents when nothing has changed or another process has the claim. */
    public Edition claimEdition() {
        String state = DigestUtils.sha256Hex(destination + "\n" + changelog.fingerprint());
        Row row = row();
        if (state.equals(row.sha256)) {
            if (row.attempts > 0) {
                // The changelog that could not be published has changed back to the one that is.
                jdbc.sql("""
                        update publication set attempts = 0, first_attempt_at = null, reason = null
                        where sha256 = :state""").param("state", state).update();
            }
            return Edition.NONE;
        }
        LocalDateTime now = now();
        LocalDateTime until = now.plus(LONGEST_PUBLICATION);
        boolean isClaimed = jdbc.sql("""
                update publication set claimed_until = :until, attempts = attempts + 1,
                  first_attempt_at = coalesce(first_attempt_at, :now)
                where (claimed_until is null or claimed_until <= :now) and (sha256 is null or sha256 <> :state)""")
                        .param("until", until)
                        .param("now", now)
                        .param("state", state)
                        .update()
                == 1;
        return isClaimed ? edition(state, until) : Edition.NONE;
    }

    private Edition edition(String state, LocalDateTime until) {
        try {
            return new Edition(state, until, changelog.documents());
        } catch (RuntimeException e) {
            recordFailure(new Edition(state, until, List.of()), e);
            throw e;
        }
    }

    /** Marks the edition as published. */
    public void markPublished(Edition edition) {
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
     * Records why the edition could not be published, and ends its claim. The types of the failure are stored, since
     * its message may quote an address with its password. When the database is away, nothing is stored and the claim
     * runs out.
     *
     * @param edition null when it had not been claimed
     */
    public void recordFailure(Edition edition, Throwable failure) {
        if (edition == null) {
            return;
        }
        try {
            jdbc.sql("""
                    update publication set reason = left(:reason, 500), claimed_until = null
                    where claimed_until = :until""")
                    .param("reason", Failures.types(failure))
                    .param("until", edition.claimedUntil())
                    .update();
        } catch (DataAccessException e) {
            // The route logs the failure.
        }
    }

    /**
     * The publication that a person must see to: more than three attempts have failed, or there was no success for an
     * hour.
     */
    public Optional<UnpublishedChangelog> unpublished() {
        Row row = row();
        return Optional.ofNullable(row.firstAttemptAt)
                .map(since -> new UnpublishedChangelog(row.attempts, UtcTime.instant(since), row.reason))
                .filter(changelog -> changelog.attempts() > MOST_ATTEMPTS
                        || changelog.since().plus(PATIENCE).isBefore(clock.instant()));
    }

    private Row row() {
        return jdbc.sql("select sha256, attempts, first_attempt_at, reason from publication where id = 1")
                .query(Row.class)
                .single();
    }

    private LocalDateTime now() {
        return UtcTime.of(clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }
}
