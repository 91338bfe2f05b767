package fr.relais.changelog;

import fr.relais.database.UtcTime;
import fr.relais.failure.Failures;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The publication of the changelog, as recorded in the table {@code publication}. A new edition is published when the
 * content or the destination has changed, by the process that has claimed it.
 */
public final class Publication {

    /** How long a claim lasts. Three small files are sent within seconds; a process that takes longer has died. */
    private static final Duration CLAIM_DURATION = Duration.ofMinutes(10);

    private static final int ALERT_ATTEMPTS = 3;
    private static final Duration ALERT_DELAY = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais.changelog");

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Ledger ledger;
    private final Changelog changelog;
    private final String destination;
    private final Clock clock;

    /** The only row of the table. */
    private record Row(String sha256, int attempts, LocalDateTime firstAttemptAt, String reason) {}

    /**
     * @param destination the endpoint to which the changelog is published. A new destination gets an edition even when
     *     the content has not changed. Only a digest is stored, because the endpoint may contain a password
     */
    Publication(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Ledger ledger,
            Changelog changelog,
            String destination,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.ledger = ledger;
        this.changelog = changelog;
        this.destination = destination;
        this.clock = clock;
    }

    /**
     * Claims the edition to publish.
     *
     * @return an edition without documents when nothing has changed, another process has the claim or the mirror was
     *     wiped
     */
    public Edition claimEdition() {
        String state = DigestUtils.sha256Hex(destination + "\n" + changelog.fingerprint());
        Row row = row();
        if (state.equals(row.sha256)) {
            if (row.attempts > 0) {
                // The content could not be published, but has since changed back to what is published.
                jdbc.sql("""
                        update publication set attempts = 0, first_attempt_at = null, reason = null
                        where sha256 = :state""").param("state", state).update();
            }
            return Edition.NONE;
        }
        LocalDateTime now = now();
        LocalDateTime until = now.plus(CLAIM_DURATION);
        boolean isClaimed = jdbc.sql("""
                update publication set claimed_until = :until, attempts = attempts + 1,
                  first_attempt_at = coalesce(first_attempt_at, :now)
                where (claimed_until is null or claimed_until <= :now) and (sha256 is null or sha256 <> :state)
                  and not exists (select 1 from seal where state in ('wiping', 'wiped'))""")
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

    /** Marks the edition as published, unless the claim was lost or there was nothing to publish. */
    public void markPublished(Edition edition) {
        if (edition.claimedUntil() == null) {
            return;
        }
        boolean isMarked = transaction.execute(status -> {
            if (!endClaim(edition)) {
                return false;
            }
            Map<String, String> files = new LinkedHashMap<>();
            edition.documents().forEach(document -> files.put(document.name(), document.sha256()));
            ledger.append(Kind.PUBLICATION, Map.of("files", files));
            return true;
        });
        if (isMarked) {
            LOG.info("The changelog was published");
        }
    }

    private boolean endClaim(Edition edition) {
        return jdbc.sql("""
                update publication set sha256 = :state, published_at = :now, attempts = 0, first_attempt_at = null,
                  reason = null, claimed_until = null
                where claimed_until = :until""")
                        .param("state", edition.state())
                        .param("now", now())
                        .param("until", edition.claimedUntil())
                        .update()
                == 1;
    }

    /**
     * Records why the edition could not be published, and ends its claim. Only the types of the failure are stored,
     * because its message may quote an address with a password. When the database is down, nothing is stored and the
     * claim expires.
     *
     * @param edition the claimed edition; null when the failure came before the claim
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
     * Returns the publication if it needs an operator: after more than three attempts without success, or an hour after
     * the first of them.
     */
    public Optional<UnpublishedChangelog> unpublished() {
        Row row = row();
        return Optional.ofNullable(row.firstAttemptAt)
                .map(since -> new UnpublishedChangelog(row.attempts, UtcTime.instant(since), row.reason))
                .filter(changelog -> changelog.attempts() > ALERT_ATTEMPTS
                        || changelog.since().plus(ALERT_DELAY).isBefore(clock.instant()));
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
