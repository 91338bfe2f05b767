package fr.relais.seal;

import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The seal of the mirror, in the table {@code seal}. While the mirror is sealed, nothing is fetched and nothing is
 * shown, because the licence has ended (article 9). All processes on the database notice the seal within seconds.
 */
public final class Seal {

    /** How long this process may call the source after another process has set the seal. */
    private static final Duration CACHE_TIME = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Ledger ledger;
    private final Clock clock;
    private volatile Cached cached;

    private record Cached(Optional<Status> status, long readAt) {}

    /**
     * {@link #SEALED}: the mirror is complete. {@link #WIPING}: a wipe has begun, and the next one continues it. {@link
     * #WIPED}: the wipe is complete.
     */
    public enum State {
        SEALED,
        WIPING,
        WIPED;

        /** Returns the state as in the database. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A seal.
     *
     * @param since when the mirror was sealed; a wipe does not change it
     */
    public record Status(State state, Instant since, String reason) {

        /** Returns, for example, {@code sealed since 2026-11-30T10:00:00Z: the licence has ended}. */
        @Override
        public String toString() {
            return "sealed since " + since + ": " + reason;
        }
    }

    /** @param transaction runs statements that must be committed together */
    public Seal(JdbcClient jdbc, TransactionOperations transaction, Ledger ledger, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Returns the seal; empty while the mirror is open. */
    public Optional<Status> status() {
        return status(jdbc);
    }

    /** Returns the seal in a database; empty while the mirror is open. */
    public static Optional<Status> status(JdbcClient jdbc) {
        return status(jdbc, "");
    }

    private static Optional<Status> status(JdbcClient jdbc, String lock) {
        return jdbc.sql("select state, since, reason from seal where id = 1 and state <> 'open'" + lock)
                .query((row, number) -> new Status(
                        State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                        UtcTime.instant(row, "since"),
                        row.getString("reason")))
                .optional();
    }

    /** Returns when a person has opened the mirror again; empty when it is sealed or has never been sealed. */
    public Optional<Instant> openedAt() {
        return jdbc.sql("select since from seal where id = 1 and state = 'open' and since is not null")
                .query(LocalDateTime.class)
                .optional()
                .map(UtcTime::instant);
    }

    /**
     * Makes sure that the mirror is not sealed. Reads the database once a second at most.
     *
     * @throws Sealed when the mirror is sealed
     */
    public void requireOpen() {
        Cached known = cached;
        // Not the injected clock, which may stand still in a test of a running service.
        if (known == null || System.nanoTime() - known.readAt > CACHE_TIME.toNanos()) {
            known = new Cached(status(), System.nanoTime());
            cached = known;
        }
        known.status.ifPresent(status -> {
            throw new Sealed(status);
        });
    }

    /**
     * Seals the mirror, unless it is sealed.
     *
     * @param reason why, for operators and the ledger; for example, {@code the licence has ended}
     * @param person the name of the person who seals the mirror, or null when Relais does
     * @return whether the mirror was open
     */
    public boolean seal(String reason, String person) {
        return transaction.execute(status -> {
            boolean isNew = set(State.SEALED, "state = 'open'", reason);
            if (isNew) {
                record("sealed", reason, person);
            }
            return isNew;
        });
    }

    /**
     * Opens the mirror again. The next sweep brings it up to date.
     *
     * @param person the name of the person who opens the mirror, or null when it is unknown
     * @throws UnfinishedWipe when a wipe has begun and not ended
     */
    public void open(String person) {
        transaction.executeWithoutResult(status -> {
            int rows = jdbc.sql("update seal set state = 'open', since = :now, reason = null"
                            + " where id = 1 and state in ('sealed', 'wiped')")
                    .param("now", UtcTime.of(clock.instant()))
                    .update();
            if (rows == 1) {
                record("unsealed", null, person);
            } else if (status().isPresent()) {
                throw new UnfinishedWipe();
            }
        });
        cached = null;
    }

    /**
     * Returns the seal; empty while the mirror is open. Until the end of the transaction, nobody can open the mirror.
     */
    public Optional<Status> lock() {
        return status(jdbc, " for update");
    }

    /**
     * Begins a wipe, or continues one. Must be called in a transaction.
     *
     * @return whether a new wipe has begun
     */
    public boolean beginWipe() {
        return set(State.WIPING, "state <> 'wiping'", "the mirror was wiped");
    }

    /** Ends a wipe. Must be called in a transaction. */
    public void endWipe() {
        set(State.WIPED, "state = 'wiping'", null);
    }

    /** Changes the state under a condition. A seal keeps its time and its reason. Returns whether it was changed. */
    private boolean set(State state, String condition, String reason) {
        return jdbc.sql("update seal set since = if(state = 'open', :now, since), state = :state,"
                                + " reason = coalesce(reason, left(:reason, 500)) where id = 1 and " + condition)
                        .param("state", state.toString())
                        .param("now", UtcTime.of(clock.instant()))
                        .param("reason", reason)
                        .update()
                == 1;
    }

    private void record(String event, String reason, String person) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("event", event);
        data.put("reason", reason);
        data.put("by", person);
        ledger.append(Kind.LICENCE, data);
    }
}
