package fr.relais.slice;

import fr.relais.source.Page;
import fr.relais.source.ReceivedOffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

/**
 * Where to cut a slice that holds more offers than the window shows, so that the newer piece just fits: where the window
 * ends, known from the page at its end.
 *
 * <p>The offers tell that instant in the zone of their labels, which need not be the filter's. By how many hours the two
 * differ is found by counting, once in a sweep: it is the most for which the newer piece still fits the window. That they do not
 * differ is tried first, and the pieces inherit what was found.
 */
final class WindowCut {

    /** No two zones differ by more. */
    private static final int MOST_HOURS = 26;

    /** The source changes between two calls, so a piece is rarely as large as foreseen to the last offer. */
    private static final double TOLERANCE = 0.02;

    private final Slice slice;
    private final int window;
    private final Page windowEnd;
    private final Instant labelled;
    private final int newer;

    private int zone;
    private boolean settled;
    private int fits = -MOST_HOURS - 1;
    private int exceeds = MOST_HOURS + 1;

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
        // A second after the last offer, for more offers may share its second.
        labelled = dates.stream()
                .min(Instant::compareTo)
                .map(last -> last.plusSeconds(1))
                .orElse(slice.from());
        newer = window
                - pageSize
                + (int) dates.stream().filter(date -> !date.isBefore(labelled)).count();
        zone = slice.zone() == null ? 0 : slice.zone();
        settled = slice.zone() != null && slice.contains(at());
        narrow();
    }

    /** Whether it is known where to cut; otherwise the offers from {@link #at} on have to be counted. */
    boolean isSettled() {
        return settled;
    }

    /** Where to cut, as the filter understands it; until that is settled, where to try. */
    Instant at() {
        return labelled.minus(zone, ChronoUnit.HOURS);
    }

    /** @param offers how many offers of the slice are not older than {@link #at} */
    void judge(int offers) {
        if (Math.abs(offers - newer) <= TOLERANCE * window) {
            settled = true;
        } else {
            exclude(offers > window);
            narrow();
        }
    }

    /** The pieces, the newer one first; its last page has been read already. */
    List<Slice> pieces(int total) {
        Instant cut = at();
        if (!slice.contains(cut)) {
            // More offers than the window shows share a second, or the labels follow no zone at all.
            Instant fallback =
                    cut.isBefore(slice.to()) ? slice.middle() : slice.to().minusSeconds(1);
            return List.of(slice.piece(fallback, slice.to()), slice.piece(slice.from(), fallback));
        }
        List<String> tail = windowEnd.setAside().isEmpty()
                ? windowEnd.offers().stream().map(ReceivedOffer::id).toList()
                : List.of();
        return List.of(
                slice.piece(cut, slice.to(), newer, zone, tail),
                slice.piece(slice.from(), cut, total - newer, zone, List.of()));
    }

    /** Goes on to the next hour that has to be tried; those that lead outside the slice need no counting. */
    private void narrow() {
        while (!settled && !slice.contains(at())) {
            exclude(at().isBefore(slice.to()));
        }
    }

    private void exclude(boolean tooMany) {
        if (tooMany) {
            exceeds = zone;
        } else {
            fits = zone;
        }
        settled = exceeds - fits == 1;
        zone = Math.floorDiv(fits + exceeds, 2);
    }
}
