package fr.relais.sweep;

import fr.relais.database.UtcTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How old the mirror is, and what that means for those who show it. */
public final class Freshness {

    private final JdbcClient jdbc;
    private final Duration bannerAfter;
    private final Duration withdrawAfter;
    private final Clock clock;

    /** {@link #FRESH}: show offers. {@link #STALE}: show them, and that they may be out of date. {@link #WITHDRAWN}: show none. */
    public enum State {
        FRESH,
        STALE,
        WITHDRAWN
    }

    /**
     * @param updatedAt the date of the last update: the start of the last proved sweep; null when there is none that counts
     * @param age how long ago that was, or null
     */
    public record Reading(State state, Instant updatedAt, Duration age) {}

    /**
     * @param bannerAfter age from which the mirror is stale
     * @param withdrawAfter age from which it must not be shown
     */
    public Freshness(JdbcClient jdbc, Duration bannerAfter, Duration withdrawAfter, Clock clock) {
        this.jdbc = jdbc;
        this.bannerAfter = bannerAfter;
        this.withdrawAfter = withdrawAfter;
        this.clock = clock;
    }

    /** Now. */
    public Reading read() {
        Instant now = clock.instant();
        return jdbc.sql("select started_at from sweep where state = 'proved' order by id desc limit 1")
                .query(LocalDateTime.class)
                .optional()
                .map(startedAt -> of(UtcTime.instant(startedAt), now))
                .orElse(new Reading(State.WITHDRAWN, null, null));
    }

    private Reading of(Instant updatedAt, Instant now) {
        Duration age = Duration.between(updatedAt, now);
        // An update that is to come: one of the clocks is, or was, wrong by as much.
        State state = age.abs().compareTo(withdrawAfter) > 0
                ? State.WITHDRAWN
                : age.abs().compareTo(bannerAfter) > 0 ? State.STALE : State.FRESH;
        return new Reading(state, updatedAt, age);
    }
}
