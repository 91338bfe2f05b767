package fr.relais.sweep;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The state and the result of a sweep. The counts are stored when the sweep ends.
 *
 * @param startedAt the start of the sweep
 * @param reason why the sweep is not proved, or null
 * @param duration the time from the start to the end of the sweep, or until now
 * @param created offers that the mirror did not have
 * @param updated offers whose content or origin has changed
 * @param unchanged offers that the mirror already had with the same content
 * @param removed offers that were removed because the source no longer has them
 * @param outOfScope offers that were removed because {@code relais.source.origins} does not name their origin
 * @param kept offers that the sweep did not see but did not remove, because the source did not confirm that they are
 *     gone, the hook {@code relais-offer-removed} failed, or the sweep is held
 * @param undecided the kept offers for which the source gave no usable answer, so that the next sweep asks again
 * @param setAside records that could not be mirrored
 * @param calls calls to the source
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
        int undecided,
        int setAside,
        long calls) {

    /** Whether the sweep has ended. */
    public boolean isEnded() {
        return state.isEnded();
    }

    /** Returns the end of the sweep, or now. */
    Instant endedAt() {
        return startedAt.plus(duration);
    }

    /** Returns the counts by name, in the order of the record. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("created", (long) created);
        counts.put("updated", (long) updated);
        counts.put("unchanged", (long) unchanged);
        counts.put("removed", (long) removed);
        counts.put("outOfScope", (long) outOfScope);
        counts.put("kept", (long) kept);
        counts.put("undecided", (long) undecided);
        counts.put("setAside", (long) setAside);
        counts.put("calls", calls);
        return counts;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "Sweep %d %s: %d created, %d updated, %d unchanged, %d removed%s%s%s, %d set aside, %d calls, %.1f s%s",
                id,
                state,
                created,
                updated,
                unchanged,
                removed,
                outOfScope == 0 ? "" : " and " + outOfScope + " out of scope removed (relais.source.origins)",
                kept == 0 ? "" : ", " + kept + " not seen but kept",
                undecided == 0 ? "" : " (" + undecided + " undecided)",
                setAside,
                calls,
                duration.toMillis() / 1000.0,
                reason == null ? "" : " (" + reason + ")");
    }
}
