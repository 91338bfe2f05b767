package fr.relais.source;

import fr.relais.database.UtcTime;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The state of our account at the source, in the table {@code account}. All processes share it and it survives a
 * restart, so that no process keeps calling a source that refuses the account (licence, article 9). Each set of
 * credentials has its own row.
 */
public final class Account {

    /** The interval between probes of a suspended account. */
    static final Duration PROBE_INTERVAL = Duration.ofHours(1);

    /** How long the state is cached. Another process may change it at any time. */
    private static final Duration CACHE_TIME = Duration.ofMinutes(1);

    /** How long a call waits while another call reads or writes the state. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(10);

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final JdbcClient readers;
    private final Ledger ledger;
    private final Clock clock;
    private final String credentials;
    private final ReentrantLock lock = new ReentrantLock();
    private Status status;
    private Instant readAt;
    private boolean probing;
    private String refusedAuthorization;

    /**
     * {@link #SUSPECT}: the source refuses tokens even after a renewal. {@link #SUSPENDED}: the source refuses the
     * account itself.
     */
    public enum State {
        ACTIVE,
        SUSPECT,
        SUSPENDED
    }

    /**
     * The state of the account, since when and why.
     *
     * @param since the start of the state, or null when the account has never been refused
     * @param reason why the account is not active, or null while it is active
     * @param probeAt the earliest time of the next call (the probe) while the account is suspended, otherwise null
     */
    public record Status(State state, Instant since, String reason, Instant probeAt) {

        private static final Status NEW = new Status(State.ACTIVE, null, null, null);

        @Override
        public String toString() {
            return state == State.ACTIVE
                    ? "the account is active"
                    : "the account has been " + state.name().toLowerCase() + " since " + since + ": " + reason;
        }
    }

    /**
     * @param readers the connections of {@link #status}
     * @param credentials a digest that identifies the credentials, which cannot be used to log in
     */
    public Account(
            JdbcClient jdbc,
            TransactionOperations transaction,
            JdbcClient readers,
            Ledger ledger,
            Clock clock,
            String credentials) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.readers = readers;
        this.ledger = ledger;
        this.clock = clock;
        this.credentials = credentials;
    }

    /** Returns the state in the database, without waiting for the calls to the source. */
    public Status status() {
        return read(readers);
    }

    /**
     * Makes sure that a call to the source may be made. The caller must report the result of the call with {@link
     * #recordSuccess} or {@link #recordFailure}.
     *
     * @throws SourceException.AccountRefused when the account is suspended and this call is not the probe
     */
    public void requireNotSuspended() {
        locked(this::requireActiveOrProbe);
    }

    private void requireActiveOrProbe() {
        if (status == null || !clock.instant().isBefore(readAt.plus(CACHE_TIME))) {
            read();
        }
        if (status.state() != State.SUSPENDED) {
            return;
        }
        boolean mayProbe = jdbc.sql("""
                update account set probe_at = :next
                where credentials = :credentials and state = 'SUSPENDED' and probe_at <= :now""")
                        .param("next", UtcTime.of(clock.instant().plus(PROBE_INTERVAL)))
                        .param("now", UtcTime.of(clock.instant()))
                        .param("credentials", credentials)
                        .update()
                == 1;
        if (!mayProbe) {
            throw new SourceException.AccountRefused(
                    status + "; it is tried again after " + status.probeAt() + ", or at once by the command probe");
        }
        // Concurrent calls that are refused above do not end the probe.
        probing = true;
    }

    /** Records that the source answered with data. */
    public void recordSuccess() {
        locked(() -> {
            refusedAuthorization = null;
            if (status.state() != State.ACTIVE) {
                // Another process may have changed the state since it was read.
                read();
                // An answer to a call that was made before the suspension does not end the suspension.
                if (status.state() == State.SUSPECT || status.state() == State.SUSPENDED && probing) {
                    write(State.ACTIVE, null);
                }
            }
        });
    }

    /**
     * Records that a call to the source brought no data. Failures that do not concern the account are ignored.
     *
     * @param authorization the {@code Authorization} header of the call, or null
     */
    public void recordFailure(Throwable failure, String authorization) {
        locked(() -> {
            if (failure instanceof SourceException.AccountRefused) {
                write(State.SUSPENDED, failure.getMessage());
            } else if (failure instanceof SourceException.TokenRefused) {
                // Concurrent calls use the same token. When it expires, the source refuses each of them once.
                boolean renewed = refusedAuthorization != null && !refusedAuthorization.equals(authorization);
                refusedAuthorization = authorization;
                if (renewed) {
                    read();
                    if (status.state() == State.ACTIVE) {
                        write(State.SUSPECT, "the source refuses a renewed token too");
                    }
                }
            }
        });
    }

    /** Allows the next call even if the account is suspended. */
    public void allowProbe() {
        locked(() -> {
            jdbc.sql("update account set probe_at = :now where credentials = :credentials")
                    .param("now", UtcTime.of(clock.instant()))
                    .param("credentials", credentials)
                    .update();
            read();
        });
    }

    private void write(State state, String reason) {
        Instant now = clock.instant();
        Instant probeAt = state == State.SUSPENDED ? now.plus(PROBE_INTERVAL) : null;
        transaction.executeWithoutResult(transactionStatus -> {
            // Locks the row, so that of several processes only the first records the change.
            jdbc.sql("insert into account (credentials, state, since) values (:credentials, 'ACTIVE', :now)"
                            + " on duplicate key update credentials = values(credentials)")
                    .param("credentials", credentials)
                    .param("now", UtcTime.of(now))
                    .update();
            Status before = read(jdbc);
            boolean isChange = before.state() != state;
            jdbc.sql("""
                update account set state = :state, since = :since, reason = left(:reason, 500), probe_at = :probeAt
                where credentials = :credentials""")
                    .param("credentials", credentials)
                    .param("state", state.name())
                    .param("since", UtcTime.of(isChange ? now : before.since()))
                    .param("reason", reason)
                    .param("probeAt", probeAt == null ? null : UtcTime.of(probeAt))
                    .update();
            if (isChange) {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("account", credentials);
                facts.put("state", state.name());
                facts.put("reason", reason);
                ledger.append(Kind.ACCOUNT, facts);
            }
        });
        probing = false;
        read();
    }

    /**
     * Runs one piece of work at a time. The wait is limited, so that calls do not queue up behind a silent database.
     */
    private void locked(Runnable work) {
        try {
            if (!lock.tryLock(MAX_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new QueryTimeoutException("the state of the account could not be read or written in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueryTimeoutException("interrupted while waiting for the state of the account", e);
        }
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        status = read(jdbc);
        readAt = clock.instant();
    }

    private Status read(JdbcClient jdbc) {
        return jdbc.sql("select state, since, reason, probe_at from account where credentials = :credentials")
                .param("credentials", credentials)
                .query((row, number) -> status(row))
                .optional()
                .orElse(Status.NEW);
    }

    private static Status status(ResultSet row) throws SQLException {
        return new Status(
                State.valueOf(row.getString("state")),
                UtcTime.instant(row, "since"),
                row.getString("reason"),
                UtcTime.instant(row, "probe_at"));
    }
}
