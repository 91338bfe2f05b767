package fr.relais;

import fr.relais.database.UtcTime;
import fr.relais.licence.Inactivity;
import fr.relais.seal.Seal;
import fr.relais.sweep.SweepHistory;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The end of the licence for lack of calls (article 9), which seals the mirror. */
public final class LicenceEnd {

    private final JdbcClient jdbc;
    private final SweepHistory sweeps;
    private final Seal seal;
    private final Clock clock;

    LicenceEnd(JdbcClient jdbc, SweepHistory sweeps, Seal seal, Clock clock) {
        this.jdbc = jdbc;
        this.sweeps = sweeps;
        this.seal = seal;
        this.clock = clock;
    }

    /** Seals the mirror if the source has answered no call for 12 months, and nobody has opened the mirror since. */
    public void check() {
        // The earlier of two clocks, so that one wrong clock does not withdraw all offers.
        Instant now = Stream.of(clock.instant(), databaseTime())
                .min(Comparator.naturalOrder())
                .orElseThrow();
        sweeps.lastAnswered()
                .map(last -> seal.openedAt().filter(last::isBefore).orElse(last))
                .map(Inactivity::new)
                .filter(inactivity -> inactivity.isEnded(now))
                .ifPresent(inactivity -> seal.seal(
                        "the licence has ended, because there was no call since " + inactivity.lastCall(), null));
    }

    private Instant databaseTime() {
        return UtcTime.instant(
                jdbc.sql("select utc_timestamp(3)").query(LocalDateTime.class).single());
    }
}
