package fr.relais.sweep;

import fr.relais.database.UtcTime;
import fr.relais.seal.Seal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The age of the mirror, and whether its offers may be shown. */
public final class Freshness {

    private final JdbcClient jdbc;
    private final Duration bannerAfter;
    private final Duration withdrawAfter;
    private final Clock clock;

    /**
     * {@link #FRESH}: offers may be shown. {@link #STALE}: they may be shown with a note that they may be out of date.
     * {@link #WITHDRAWN}: no offer may be shown.
     */
    public enum State {
        FRESH,
        STALE,
        WITHDRAWN
    }

    /**
     * The freshness at one moment.
     *
     * @param updatedAt the date of the last update, which is the start of the last proved sweep; null when no sweep
     *     counts as proved
     * @param age the time since {@code updatedAt}, or null; negative when a clock was wrong
     * @param seal the seal because of which no offer may be shown; null while the mirror is open
     */
    public record Reading(State state, Instant updatedAt, Duration age, Seal.Status seal) {

        /** Creates the reading of a mirror that is not sealed. */
        public Reading(State state, Instant updatedAt, Duration age) {
            this(state, updatedAt, age, null);
        }

        private Reading sealed(Seal.Status seal) {
            return new Reading(State.WITHDRAWN, updatedAt, age, seal);
        }
    }

    /**
     * @param bannerAfter the age above which the mirror is stale
     * @param withdrawAfter the age above which no offer may be shown
     */
    public Freshness(JdbcClient jdbc, Duration bannerAfter, Duration withdrawAfter, Clock clock) {
        this.jdbc = jdbc;
        this.bannerAfter = bannerAfter;
        this.withdrawAfter = withdrawAfter;
        this.clock = clock;
    }

    /** Returns the freshness of the mirror now. */
    public Reading read() {
        Reading open = readOpen(clock.instant());
        return Seal.status(jdbc).map(open::sealed).orElse(open);
    }

    private Reading readOpen(Instant now) {
        return jdbc.sql("select started_at from sweep where state = 'proved' order by id desc limit 1")
                .query(LocalDateTime.class)
                .optional()
                .map(startedAt -> of(UtcTime.instant(startedAt), now))
                .orElse(new Reading(State.WITHDRAWN, null, null));
    }

    private Reading of(Instant updatedAt, Instant now) {
        Duration age = Duration.between(updatedAt, now);
        // A negative age means that a clock is or was wrong by that much, and the true age may be as large.
        State state = age.abs().compareTo(withdrawAfter) > 0
                ? State.WITHDRAWN
                : age.abs().compareTo(bannerAfter) > 0 ? State.STALE : State.FRESH;
        return new Reading(state, updatedAt, age);
    }
}
