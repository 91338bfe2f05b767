package fr.relais;

import fr.relais.database.UtcTime;
import fr.relais.licence.Inactivity;
import fr.relais.seal.Seal;
import fr.relais.sweep.SweepHistory;
import fr.relais.wipe.Wipe;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What Relais does by itself when the licence ends (article 9). */
public final class LicenceEnd {

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais.licence");

    private final JdbcClient jdbc;
    private final SweepHistory sweeps;
    private final Seal seal;
    private final Wipe wipe;
    private final Optional<Duration> wipeAfter;
    private final Clock clock;

    /** @param wipeAfter how long after the seal the mirror is wiped; empty for never */
    LicenceEnd(JdbcClient jdbc, SweepHistory sweeps, Seal seal, Wipe wipe, Optional<Duration> wipeAfter, Clock clock) {
        this.jdbc = jdbc;
        this.sweeps = sweeps;
        this.seal = seal;
        this.wipe = wipe;
        this.wipeAfter = wipeAfter;
        this.clock = clock;
    }

    /** Seals the mirror if the source has answered no call for 12 months, and nobody has opened the mirror since. */
    public void check() {
        Instant now = now();
        sweeps.lastAnswered()
                .map(last -> seal.openedAt().filter(last::isBefore).orElse(last))
                .map(Inactivity::new)
                .filter(inactivity -> inactivity.isEnded(now))
                .ifPresent(inactivity -> seal.seal(
                        "the licence has ended, because there was no call since " + inactivity.lastCall(), null));
    }

    /** Wipes the mirror if it has been sealed for the time of {@code relais.licence.wipe-after}. */
    public void wipe() throws InterruptedException {
        if (wipeAfter.isPresent() && seal.status().filter(this::isWipeDue).isPresent()) {
            wipe.runIfSealed(this::isWipeDue, "relais.licence.wipe-after", LOG::warn);
        }
    }

    private boolean isWipeDue(Seal.Status status) {
        return status.state() != Seal.State.WIPED
                && !now().isBefore(status.since().plus(wipeAfter.orElseThrow()));
    }

    /** Returns the earlier of two clocks, so that one wrong clock does not withdraw or delete all offers. */
    private Instant now() {
        return Stream.of(clock.instant(), databaseTime())
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private Instant databaseTime() {
        return UtcTime.instant(
                jdbc.sql("select utc_timestamp(3)").query(LocalDateTime.class).single());
    }
}
