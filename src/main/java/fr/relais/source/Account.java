package fr.relais.source;

import fr.relais.database.UtcTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What the source thinks of our account, in the table {@code account}: shared by all processes and kept over restarts, so
 * that nobody hammers a source that has said no (licence, article 9). Other credentials are another account.
 */
public final class Account {

    /** The interval between probes of a suspended account. */
    static final Duration PROBE_EVERY = Duration.ofHours(1);

    /** Another process may have changed the state meanwhile. */
    private static final Duration KNOWN_FOR = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final String credentials;
    private Status status;
    private Instant readAt;
    private boolean probing;
    private String refusedAuthorization;

    /** {@link #SUSPECT}: renewed tokens are refused. {@link #SUSPENDED}: the account itself is. */
    public enum State {
        ACTIVE,
        SUSPECT,
        SUSPENDED
    }

    /**
     * @param since when the state began, or null when the account has never been refused
     * @param reason what the source said, or null while it is active
     * @param probeAt the earliest instant of the next call, or null unless suspended
     */
    public record Status(State state, Instant since, String reason, Instant probeAt) {

        private static final Status NEW = new Status(State.ACTIVE, null, null, null);

        @Override
        public String toString() {
            return state == State.ACTIVE
                    ? "the account is active"
                    : "the account is " + state.name().toLowerCase() + " since " + since + ": " + reason;
        }
    }

    /** @param credentials tells accounts apart; nothing that could be used to log in */
    public Account(JdbcClient jdbc, Clock clock, String credentials) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.credentials = credentials;
    }

    public synchronized Status status() {
        if (status == null || !clock.instant().isBefore(readAt.plus(KNOWN_FOR))) {
            read();
        }
        return status;
    }

    /**
     * Call before each call to the source, and {@link #recordSuccess} or {@link #recordFailure} after it.
     *
     * @throws SourceException.AccountRefused when the account is suspended and this call is not the probe
     */
    public synchronized void requireUsable() {
        if (status().state() != State.SUSPENDED) {
            return;
        }
        boolean mayProbe = jdbc.sql("""
                update account set probe_at = :next
                where credentials = :credentials and state = 'SUSPENDED' and probe_at <= :now""")
                        .param("next", UtcTime.of(clock.instant().plus(PROBE_EVERY)))
                        .param("now", UtcTime.of(clock.instant()))
                        .param("credentials", credentials)
                        .update()
                == 1;
        if (!mayProbe) {
            throw new SourceException.AccountRefused(
                    status + "; it is tried again after " + status.probeAt() + ", or at once by the verb probe");
        }
        // Others that are refused beside it do not end it.
        probing = true;
    }

    /** The source answered with data. */
    public synchronized void recordSuccess() {
        refusedAuthorization = null;
        if (status.state() != State.ACTIVE) {
            // Another process may have been told more meanwhile.
            read();
            // An answer to a call made before the suspension says nothing.
            if (status.state() == State.SUSPECT || status.state() == State.SUSPENDED && probing) {
                write(State.ACTIVE, null);
            }
        }
    }

    /**
     * The call brought none.
     *
     * @param authorization the header that was sent, or null
     */
    public synchronized void recordFailure(Throwable failure, String authorization) {
        if (failure instanceof SourceException.AccountRefused) {
            write(State.SUSPENDED, failure.getMessage());
        } else if (failure instanceof SourceException.TokenRefused) {
            // Calls side by side bear the same token, and each is refused once when it expires.
            boolean renewed = refusedAuthorization != null && !refusedAuthorization.equals(authorization);
            refusedAuthorization = authorization;
            if (renewed) {
                read();
                if (status.state() == State.ACTIVE) {
                    write(State.SUSPECT, "the source refuses a renewed token too");
                }
            }
        }
    }

    /** Lets the next call leave, whatever the state. */
    public synchronized void allowProbe() {
        jdbc.sql("update account set probe_at = :now where credentials = :credentials")
                .param("now", UtcTime.of(clock.instant()))
                .param("credentials", credentials)
                .update();
        read();
    }

    private void write(State state, String reason) {
        Instant now = clock.instant();
        Instant since = state == status.state() ? status.since() : now;
        Instant probeAt = state == State.SUSPENDED ? now.plus(PROBE_EVERY) : null;
        jdbc.sql("""
                insert into account (credentials, state, since, reason, probe_at)
                values (:credentials, :state, :since, left(:reason, 500), :probeAt)
                on duplicate key update state = values(state), since = values(since), reason = values(reason),
                  probe_at = values(probe_at)""")
                .param("credentials", credentials)
                .param("state", state.name())
                .param("since", UtcTime.of(since))
                .param("reason", reason)
                .param("probeAt", probeAt == null ? null : UtcTime.of(probeAt))
                .update();
        probing = false;
        read();
    }

    private void read() {
        status = jdbc.sql("select state, since, reason, probe_at from account where credentials = :credentials")
                .param("credentials", credentials)
                .query((row, number) -> status(row))
                .optional()
                .orElse(Status.NEW);
        readAt = clock.instant();
    }

    private static Status status(ResultSet row) throws SQLException {
        return new Status(
                State.valueOf(row.getString("state")),
                UtcTime.instant(row, "since"),
                row.getString("reason"),
                UtcTime.instant(row, "probe_at"));
    }
}
