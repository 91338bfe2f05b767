package fr.relais.slice;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Decides with which slices a sweep begins. A slice that turns out too large is cut when it is read. */
public final class SlicePlan {

    /** Before any offer. */
    static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    /** The newest slice ends in the future: a window ending now, in UTC, misses the offers dated in local time. */
    private static final Duration AHEAD = Duration.ofHours(24);

    private SlicePlan() {}

    /**
     * @param proved the slices that the last sweep proved for this origin, newest first, facets put together; empty when
     *     there is no such sweep
     * @param window the most offers of one query that the source shows
     * @return slices from {@link #EARLIEST} to a day after {@code now}, newest first
     */
    static List<Slice> of(String origine, List<Slice> proved, Instant now, int window) {
        List<Slice> plan = new ArrayList<>();
        Instant to = now.plus(AHEAD).truncatedTo(ChronoUnit.SECONDS);
        Instant from = EARLIEST;
        Integer expected = null;
        for (int i = 0; i < proved.size(); i++) {
            Slice slice = proved.get(i);
            // The newest slice may have grown by all that was created since, so it stays alone and expects nothing.
            boolean fits = i > 1 && expected + slice.previous() <= window;
            if (i > 0 && !fits) {
                plan.add(Slice.planned(origine, from, to, expected));
                to = from;
                expected = 0;
            }
            from = slice.from();
            expected = i == 0 ? null : Integer.valueOf(expected + slice.previous());
        }
        plan.add(Slice.planned(origine, EARLIEST, to, expected));
        return plan;
    }
}
