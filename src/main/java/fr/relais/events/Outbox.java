package fr.relais.events;

import fr.relais.database.UtcTime;
import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The events that wait in the table {@code outbox}. The routes in {@code 45-events} write and deliver them. This bean
 * makes the decisions of these routes, and answers the queries of the watch.
 */
public final class Outbox {

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais.events");

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final boolean hasEndpoint;
    private final Duration keep;
    private final Clock clock;
    private final LongAdder delivered = new LongAdder();
    private volatile boolean isFailing;
    private volatile Instant deliveredAt = Instant.EPOCH;
    private volatile EventFailure lastFailure;
    private volatile boolean isStopped;

    /**
     * @param hasEndpoint whether {@code relais.events.uri} is set
     * @param keep how long an event waits before it is dropped
     */
    public Outbox(JdbcClient jdbc, TransactionOperations transaction, boolean hasEndpoint, Duration keep, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.hasEndpoint = hasEndpoint;
        this.keep = keep;
        this.clock = clock;
    }

    /** The refusal of a replay that would be incomplete or that nobody would receive. */
    static final class NoReplay extends RelaisException {
        private NoReplay(String problem, String remedy) {
            super("Events cannot be replayed, because " + problem, remedy);
        }
    }

    /**
     * Makes sure that a replay has a receiver and is complete. Until a sweep has been proved, offers that are created
     * after the replay may have no event.
     *
     * @throws NoReplay when {@code relais.events.uri} is empty, or when no sweep has been proved yet
     */
    public void requireReplayable() {
        if (!hasEndpoint) {
            throw new NoReplay(
                    "relais.events.uri is empty", "Set relais.events.uri for this command and for the service.");
        }
        if (!jdbc.sql("select exists (select 1 from sweep where state in ('proved', 'restored'))")
                .query(Boolean.class)
                .single()) {
            throw new NoReplay("no sweep has been proved yet", "Run replay again when the first sweep is proved.");
        }
    }

    /**
     * Returns whether the next event is to be delivered now.
     *
     * @param delivered a list of the event that was just delivered; empty if none was delivered
     */
    public boolean isNextDue(List<?> delivered) {
        return !delivered.isEmpty() && !isStopped;
    }

    /** Ends the delivery after the current event, because the pipeline is stopping. */
    public void stop() {
        isStopped = true;
    }

    /** Records a delivery, and logs when it is the first one after a failure. */
    public void recordDelivery() {
        delivered.increment();
        deliveredAt = clock.instant();
        if (isFailing) {
            isFailing = false;
            LOG.info("Events are delivered to relais.events.uri again");
        }
    }

    /** Returns the number of events that this process has delivered. */
    public long delivered() {
        return delivered.sum();
    }

    /** Remembers a failure to deliver events, and logs it unless the previous attempt failed, too. */
    public void recordFailure(Throwable failure) {
        lastFailure = new EventFailure(clock.instant(), Failures.types(failure));
        if (!isFailing) {
            isFailing = true;
            LOG.warn("Events cannot be delivered to relais.events.uri and wait: {}", Failures.types(failure));
        }
    }

    /**
     * Drops the events that have waited too long, or all events if there is no endpoint. The event {@code
     * replay-needed} takes their place.
     */
    public void dropExpired() {
        transaction.executeWithoutResult(status -> {
            int dropped = jdbc.sql("delete from outbox"
                            + " where at <= utc_timestamp(3) - interval :keep second and event <> 'replay-needed'")
                    .param("keep", hasEndpoint ? keep.toSeconds() : 0)
                    .update();
            if (dropped > 0) {
                recordReplayNeeded();
                LOG.warn(
                        "{} events were dropped, because {}",
                        dropped,
                        hasEndpoint ? "they had waited longer than relais.events.keep" : "relais.events.uri is empty");
            }
        });
    }

    /** Asks the receiver for a replay after a restore of the database, if there is a receiver. */
    public void requestReplay() {
        if (hasEndpoint) {
            recordReplayNeeded();
        }
    }

    /** Records the event {@code replay-needed}, which replaces one that was delivered before. */
    private void recordReplayNeeded() {
        jdbc.sql("delete from outbox where event = 'replay-needed'").update();
        jdbc.sql("insert into outbox (event, at) values ('replay-needed', utc_timestamp(3))")
                .update();
    }

    /** Returns the time of the last delivery by this process, if it has delivered an event. */
    public Optional<Instant> lastDelivery() {
        return Optional.of(deliveredAt).filter(Instant.EPOCH::isBefore);
    }

    /** Returns the last failure to deliver an event in this process, if there was one. */
    public Optional<EventFailure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /**
     * Returns the number of waiting events of each kind, such as {@code offer.created}. Takes seconds when millions
     * wait, so it uses the pipeline's connections.
     */
    public Map<String, Long> waitingByKind() {
        Map<String, Long> kinds = new TreeMap<>();
        jdbc.sql("select event, count(*) from outbox where not delivered group by event")
                .query(row -> {
                    kinds.put(row.getString(1), row.getLong(2));
                });
        return kinds;
    }

    /** Returns the events that wait for delivery, and whether a replay is needed. */
    public WaitingEvents waiting() {
        // Only the event replay-needed stays after its delivery. Each part is read from an index.
        String waiting = """
                select (select count(*) from outbox)
                    - (select count(*) from outbox where event = 'replay-needed' and delivered) as events,
                  (select at from outbox where not delivered order by at limit 1) as oldest,
                  exists (select 1 from outbox where event = 'replay-needed') as replay_needed""";
        return jdbc.sql(waiting)
                .query((row, number) -> new WaitingEvents(
                        row.getLong("events"),
                        UtcTime.instant(row, "oldest"),
                        hasEndpoint && row.getBoolean("replay_needed")))
                .single();
    }

    /**
     * Returns whether events were dropped or the database was restored, and there has been no replay since. Without an
     * endpoint, returns false.
     */
    public boolean isReplayNeeded() {
        return hasEndpoint
                && jdbc.sql("select exists (select 1 from outbox where event = 'replay-needed')")
                        .query(Boolean.class)
                        .single();
    }

    /**
     * Returns the time of the oldest waiting event, if it has waited for more than an hour. While this process delivers
     * events, returns nothing, because the delivery of a long replay may take more than an hour.
     */
    public Optional<Instant> overdueSince() {
        boolean isDelivering = !isFailing && deliveredAt.plusSeconds(60).isAfter(clock.instant());
        return isDelivering
                ? Optional.empty()
                : jdbc.sql("select at from outbox where not delivered and at < utc_timestamp(3) - interval 1 hour"
                                + " order by at limit 1")
                        .query((row, number) -> UtcTime.instant(row, "at"))
                        .optional();
    }
}
