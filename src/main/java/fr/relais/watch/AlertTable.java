package fr.relais.watch;

import fr.relais.database.UtcTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code alert}: for each problem that lasts, the last alert that each destination got. It lets several
 * processes send each alert once, also after a restart. A process claims a delivery before it sends it. If the process
 * dies, another one repeats the delivery after the claim has expired.
 */
public final class AlertTable {

    /** How long a claim lasts. A mail server may take minutes to time out. */
    private static final Duration CLAIM_DURATION = Duration.ofMinutes(5);

    private static final String THIS_PROBLEM =
            " where destination = :destination and kind = :kind and subject = :subject";

    private final JdbcClient jdbc;
    private final Clock clock;

    /** When the claims of this process expire. */
    private final Map<Delivery.Key, LocalDateTime> claims = new ConcurrentHashMap<>();

    /**
     * The last alert about a problem to a destination.
     *
     * @param at when the watch noticed the state
     * @param isDelivered false while the alert, or the notice that the problem is resolved, is still to be delivered
     */
    record Notice(String state, Instant at, boolean isDelivered) {}

    public AlertTable(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Returns all notices. */
    Map<Delivery.Key, Notice> notices() {
        Map<Delivery.Key, Notice> notices = new HashMap<>();
        jdbc.sql("select destination, kind, subject, state, at, delivered from alert")
                .query(row -> {
                    Optional<Delivery.Destination> destination =
                            constant(Delivery.Destination.values(), row.getString("destination"));
                    Optional<Alert.Kind> kind = constant(Alert.Kind.values(), row.getString("kind"));
                    // A newer version may know more destinations and kinds.
                    if (destination.isPresent() && kind.isPresent()) {
                        notices.put(
                                new Delivery.Key(destination.get(), kind.get(), row.getString("subject")),
                                new Notice(
                                        row.getString("state"),
                                        UtcTime.instant(row, "at"),
                                        row.getBoolean("delivered")));
                    }
                });
        return notices;
    }

    /** Claims a delivery. Returns false when another process has claimed it or has delivered it already. */
    boolean claim(Delivery delivery) {
        LocalDateTime now = UtcTime.of(clock.instant());
        LocalDateTime until = now.plus(CLAIM_DURATION).truncatedTo(ChronoUnit.MILLIS);
        boolean isClaimed = claim(delivery, now, until);
        if (isClaimed) {
            claims.put(delivery.key(), until);
        }
        return isClaimed;
    }

    private boolean claim(Delivery delivery, LocalDateTime now, LocalDateTime until) {
        if (!delivery.alert().isFiring()) {
            return update("set delivered = false, claimed_until = :until", "state = :state", delivery, now, until);
        }
        return update("""
                        insert ignore into alert (destination, kind, subject, state, at, claimed_until)
                        values (:destination, :kind, :subject, :state, :at, :until)""", delivery, now, until)
                || update(
                        "set state = :state, at = :at, delivered = false, claimed_until = :until",
                        "(state <> :state or not delivered)",
                        delivery,
                        now,
                        until);
    }

    private boolean update(String set, String condition, Delivery delivery, LocalDateTime now, LocalDateTime until) {
        return update(
                "update alert " + set + THIS_PROBLEM + " and (claimed_until is null or claimed_until <= :now) and "
                        + condition,
                delivery,
                now,
                until);
    }

    private boolean update(String sql, Delivery delivery, LocalDateTime now, LocalDateTime until) {
        return of(sql, delivery)
                        .param("at", UtcTime.of(delivery.alert().at()))
                        .param("now", now)
                        .param("until", until)
                        .update()
                == 1;
    }

    /** Records that a claimed delivery has arrived. */
    void markDelivered(Delivery delivery) {
        claims.remove(delivery.key());
        of(
                        (delivery.alert().isFiring()
                                        ? "update alert set delivered = true, claimed_until = null"
                                        : "delete from alert")
                                + THIS_PROBLEM + " and state = :state",
                        delivery)
                .update();
    }

    /** Ends the own claim of a delivery that has failed, if there is one, so that the next check repeats it. */
    void release(Delivery delivery) {
        LocalDateTime until = claims.remove(delivery.key());
        if (until != null) {
            of("update alert set claimed_until = null" + THIS_PROBLEM + " and claimed_until = :until", delivery)
                    .param("until", until)
                    .update();
        }
    }

    private JdbcClient.StatementSpec of(String sql, Delivery delivery) {
        return jdbc.sql(sql)
                .param("destination", delivery.destination().toString())
                .param("kind", delivery.alert().kind().toString())
                .param("subject", delivery.alert().subject())
                .param("state", delivery.alert().state());
    }

    private static <T extends Enum<T>> Optional<T> constant(T[] constants, String text) {
        return Arrays.stream(constants)
                .filter(constant -> constant.toString().equals(text))
                .findFirst();
    }
}
