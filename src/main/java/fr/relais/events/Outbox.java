package fr.relais.events;

import fr.relais.database.UtcTime;
import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The events that wait in the table {@code outbox}. The routes in {@code 45-events} write and deliver them; this bean
 * has what they decide, and what the watch asks.
 */
public final class Outbox {

    /** The number of events that the route {@code relais-deliver-batch} selects. */
    private static final int BATCH = 10;

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais.events");

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final boolean hasEndpoint;
    private final Duration keep;
    private volatile boolean isFailing;
    private volatile boolean isStopped;

    /**
     * @param hasEndpoint whether {@code relais.events.uri} is set
     * @param keep how long an event waits before it is dropped
     */
    public Outbox(JdbcClient jdbc, TransactionOperations transaction, boolean hasEndpoint, Duration keep) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.hasEndpoint = hasEndpoint;
        this.keep = keep;
    }

    /** The refusal to replay events that nobody would receive. */
    static final class NoEndpoint extends RelaisException {
        private NoEndpoint() {
            super(
                    "There are no events, because relais.events.uri is empty",
                    "Set relais.events.uri for this command and for the service.");
        }
    }

    /** @throws NoEndpoint when {@code relais.events.uri} is empty */
    public void requireEndpoint() {
        if (!hasEndpoint) {
            throw new NoEndpoint();
        }
    }

    /**
     * Returns whether the next batch is to be delivered now.
     *
     * @param delivered the number of events in the last batch
     */
    public boolean isNextBatchDue(int delivered) {
        return delivered == BATCH && !isStopped;
    }

    /** Ends the delivery after the current batch, because the pipeline is stopping. */
    public void stop() {
        isStopped = true;
    }

    /** Logs that events are delivered again after a failure. */
    public void recordDelivery() {
        if (isFailing) {
            isFailing = false;
            LOG.info("Events are delivered to relais.events.uri again");
        }
    }

    /** Logs a failure to deliver events, unless the previous attempt failed too. */
    public void recordFailure(Throwable failure) {
        if (!isFailing) {
            isFailing = true;
            LOG.warn("Events cannot be delivered to relais.events.uri and wait: {}", Failures.types(failure));
        }
    }

    /**
     * Drops the events that have waited too long. The event {@code replay-needed} takes their place. Without an
     * endpoint, drops all events.
     */
    public void dropExpired() {
        if (!hasEndpoint) {
            jdbc.sql("delete from outbox").update();
            return;
        }
        transaction.executeWithoutResult(status -> {
            int dropped = jdbc.sql("delete from outbox"
                            + " where at < utc_timestamp(3) - interval :keep second and event <> 'replay-needed'")
                    .param("keep", keep.toSeconds())
                    .update();
            if (dropped > 0) {
                requestReplay();
                LOG.warn("{} events were dropped, because they had waited longer than relais.events.keep", dropped);
            }
        });
    }

    /** Records the event {@code replay-needed}, unless it waits already. Without an endpoint, does nothing. */
    public void requestReplay() {
        if (hasEndpoint) {
            jdbc.sql("""
                    insert into outbox (event, at) select 'replay-needed', utc_timestamp(3) from dual
                    where not exists (select 1 from outbox where event = 'replay-needed')""").update();
        }
    }

    /** Returns whether events were dropped, and the event {@code replay-needed} is not delivered yet. */
    public boolean isReplayNeeded() {
        return jdbc.sql("select exists (select 1 from outbox where event = 'replay-needed')")
                .query(Boolean.class)
                .single();
    }

    /** Returns since when the oldest event has waited, if it has waited for more than an hour. */
    public Optional<Instant> overdueSince() {
        return jdbc.sql("select at from outbox where at < utc_timestamp(3) - interval 1 hour order by at limit 1")
                .query((row, number) -> UtcTime.instant(row, "at"))
                .optional();
    }
}
