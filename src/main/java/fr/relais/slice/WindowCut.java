package fr.relais.slice;

import fr.relais.source.Page;
import fr.relais.source.ReceivedOffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * The cut through a slice that holds more offers than the window shows. The newer piece should just fit into the
 * window, so the cut is at the date of the last offer that the window shows.
 *
 * <p>The offer's label gives this date in a time zone that may differ from that of the source's filter. The number of
 * hours between the two zones is found by counting the offers of possible newer pieces: it is the largest number with
 * which the newer piece fits into the window. Zero is tried first. The pieces inherit the number, so that it need not
 * be found again.
 */
final class WindowCut {

    /** The largest difference between two time zones. */
    private static final int MAX_HOURS = 26;

    /**
     * How far the size of the newer piece may be from its expected size, as a share of the window. The source changes
     * between two calls.
     */
    private static final double TOLERANCE = 0.02;

    private final Slice slice;
    private final int window;
    private final Page windowEnd;
    private final Instant labelledCut;
    private final int newerOffers;

    private int hours;
    private boolean settled;
    private int fittingHours = -MAX_HOURS - 1;
    private int exceedingHours = MAX_HOURS + 1;

    /** @param windowEnd the last page that the window shows */
    WindowCut(Slice slice, int pageSize, int window, Page windowEnd) {
        this.slice = slice;
        this.window = window;
        this.windowEnd = windowEnd;
        List<Instant> dates = windowEnd.offers().stream()
                .map(ReceivedOffer::dateCreation)
                .filter(Objects::nonNull)
                .map(date -> date.truncatedTo(ChronoUnit.SECONDS))
                .toList();
        // One second after the last offer, because offers beyond the window may have the same date.
        labelledCut = dates.stream()
                .min(Instant::compareTo)
                .map(last -> last.plusSeconds(1))
                .orElse(slice.from());
        newerOffers = window
                - pageSize
                + (int) dates.stream()
                        .filter(date -> !date.isBefore(labelledCut))
                        .count();
        hours = slice.zone() == null ? 0 : slice.zone();
        settled = slice.zone() != null && slice.contains(at());
        skipCutsOutside();
    }

    /** Whether the cut is known. Otherwise the offers from {@link #at} on must be counted. */
    boolean isSettled() {
        return settled;
    }

    /** Returns the cut, or the cut to try next, in the time zone of the source's filter. */
    Instant at() {
        return labelledCut.minus(hours, ChronoUnit.HOURS);
    }

    /**
     * Records how many offers the newer piece has with the cut at {@link #at}.
     *
     * @param offers the number of offers of the slice that are not older than {@link #at}
     */
    void recordCount(int offers) {
        if (Math.abs(offers - newerOffers) <= TOLERANCE * window) {
            settled = true;
        } else {
            exclude(offers > window);
            skipCutsOutside();
        }
    }

    /** Returns the pieces, the newer one first. The last page of the newer piece has already been read. */
    List<Slice> pieces(int total) {
        Instant cut = at();
        if (!slice.contains(cut)) {
            // More offers than the window shows have the same date, or the labels follow no time zone.
            Instant fallback =
                    cut.isBefore(slice.to()) ? slice.middle() : slice.to().minusSeconds(1);
            return List.of(slice.piece(fallback, slice.to()), slice.piece(slice.from(), fallback));
        }
        List<String> tail = windowEnd.setAside().isEmpty()
                ? windowEnd.offers().stream().map(ReceivedOffer::id).toList()
                : List.of();
        return List.of(
                slice.piece(cut, slice.to(), newerOffers, hours, tail),
                slice.piece(slice.from(), cut, total - newerOffers, hours, List.of()));
    }

    /** Skips the hours with which the cut is outside the slice; no count is needed to exclude them. */
    private void skipCutsOutside() {
        while (!settled && !slice.contains(at())) {
            exclude(at().isBefore(slice.to()));
        }
    }

    /** Excludes the current hours, with which the newer piece has too many or too few offers, and chooses the next. */
    private void exclude(boolean tooMany) {
        if (tooMany) {
            exceedingHours = hours;
        } else {
            fittingHours = hours;
        }
        settled = exceedingHours - fittingHours == 1;
        hours = Math.floorDiv(fittingHours + exceedingHours, 2);
    }
}
