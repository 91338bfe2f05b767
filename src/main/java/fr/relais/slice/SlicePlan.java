package fr.relais.slice;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The plan of the slices with which a sweep begins. A slice that turns out to be too large is cut when it is read. */
public final class SlicePlan {

    /** A date before the oldest offer. */
    static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    /** How far in the future the newest slice ends. An end now, in UTC, would miss offers dated in local time. */
    private static final Duration AHEAD = Duration.ofHours(24);

    private SlicePlan() {}

    /**
     * Plans the slices of one origin. Neighbouring slices of the last sweep are merged if they fit into the window.
     *
     * @param proved the slices that the last sweep proved for this origin, newest first, with one slice for all
     *     facets of a period; empty when the last sweep was incomplete
     * @param window the maximum number of offers of one query that the source shows
     * @return slices from {@link #EARLIEST} to a day after {@code now}, newest first
     */
    static List<Slice> of(String origine, List<Slice> proved, Instant now, int window) {
        List<Slice> plan = new ArrayList<>();
        Instant to = now.plus(AHEAD).truncatedTo(ChronoUnit.SECONDS);
        Instant from = EARLIEST;
        Integer expected = null;
        for (int i = 0; i < proved.size(); i++) {
            Slice slice = proved.get(i);
            // The newest slice has grown by all offers created since, so it is not merged and its size is unknown.
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
