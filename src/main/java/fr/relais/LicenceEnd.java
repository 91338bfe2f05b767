package fr.relais;

import fr.relais.licence.Inactivity;
import fr.relais.seal.Seal;
import fr.relais.sweep.SweepHistory;
import java.time.Clock;
import java.time.Instant;

/** The end of the licence for lack of calls (article 9), which seals the mirror. */
public final class LicenceEnd {

    private final SweepHistory sweeps;
    private final Seal seal;
    private final Clock clock;

    LicenceEnd(SweepHistory sweeps, Seal seal, Clock clock) {
        this.sweeps = sweeps;
        this.seal = seal;
        this.clock = clock;
    }

    /** Seals the mirror if the source has answered no call for 12 months, and nobody has opened the mirror since. */
    public void check() {
        Instant now = clock.instant();
        sweeps.lastAnswered()
                .map(last -> seal.openedAt().filter(last::isBefore).orElse(last))
                .map(Inactivity::new)
                .filter(inactivity -> inactivity.isEnded(now))
                .ifPresent(inactivity -> seal.seal(
                        "the licence has ended, because there was no call since " + inactivity.lastCall(), null));
    }
}
