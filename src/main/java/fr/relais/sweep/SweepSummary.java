package fr.relais.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/**
 * What came of a sweep.
 *
 * @param startedAt when it began
 * @param duration how long it took, or has taken so far
 * @param reason why it is not proved, or null
 * @param unchanged offers of the source that were mirrored already, word for word
 * @param removed offers removed because the source has them no longer
 * @param outOfScope offers removed because their origin is no longer asked for
 * @param kept offers that the sweep did not see and that stay, since the source did not confirm that they are gone
 * @param setAside records that are no usable offer
 */
public record SweepSummary(
        long id,
        Instant startedAt,
        SweepState state,
        String reason,
        Duration duration,
        int created,
        int updated,
        int unchanged,
        int removed,
        int outOfScope,
        int kept,
        int setAside,
        long calls) {

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Sweep %d %s: %d created, %d updated, %d unchanged, %d removed%s%s, %d set aside, %d calls, %.1f s%s",
                id,
                state,
                created,
                updated,
                unchanged,
                removed,
                outOfScope == 0 ? "" : " and " + outOfScope + " out of scope removed (relais.source.origins)",
                kept == 0 ? "" : ", " + kept + " not seen but kept",
                setAside,
                calls,
                duration.toMillis() / 1000.0,
                reason == null ? "" : " (" + reason + ")");
    }
}
