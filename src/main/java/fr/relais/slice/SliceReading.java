package fr.relais.slice;

import fr.relais.failure.Failures;
import fr.relais.source.Page;
import fr.relais.source.Range;
import fr.relais.source.ReceivedOffer;
import fr.relais.source.SetAside;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reading of one slice, from its first page to its outcome. It decides which ranges to request and whether the
 * pages prove that the slice is complete; it makes no calls itself. Threads may record pages concurrently.
 *
 * <p>The proof: all pages report the same total, and as many distinct records were read. A change of the source between
 * two pages violates one of these conditions, with one exception: when an offer is removed and another is created with
 * an older date, both between two pages, a third offer may be missed. For this reason the source is asked for each
 * offer before it is removed.
 *
 * <p>A single bad record does not prevent the proof. A record that is set aside counts like any other. The slice is
 * proved only after several readings in succession have set the same records aside, because a single answer may be
 * damaged. A record that occurs twice on one page counts twice when the slice cannot be split any further.
 *
 * <p>A slice that exceeds the window is cut ({@link WindowCut}). A slice that changes while it is read is split in two
 * by date, and one second is split by facets. A slice of one page needs no split, because one page is one atomic read.
 * Dates only suggest where to cut: each piece is proved by its own totals.
 */
public final class SliceReading {

    /** How often a slice that changes is read in one piece before it is split. */
    private static final int READS_BEFORE_SPLIT = 2;

    /**
     * How often a slice that cannot be split is read at most. It is read until its pages add up, because the order of
     * its offers may change between two calls.
     */
    private static final int MAX_READS = 60;

    /** How many empty answers in succession prove an empty slice. Few slices are empty, and one answer may be wrong. */
    private static final int MIN_EMPTY_READS = 10;

    /** How many readings in succession must set the same records aside, so that the slice is proved. */
    private static final int MIN_SAME_SET_ASIDE = 3;

    /** How many times a slice is read at most when its readings set different records aside. */
    private static final int MAX_SET_ASIDE_READS = 10;

    /** The number of transient database failures that ends the reading. */
    private static final int MAX_ROLLBACKS = 5;

    /** How far creation dates may lie outside the requested slice. Time zones differ by hours, not by days. */
    private static final Duration DATE_TOLERANCE = Duration.ofDays(1);

    private enum Step {
        FIRST_PAGE,
        WINDOW_END,
        CUT,
        OTHER_PAGES
    }

    private final Slice slice;
    private final long fence;
    private final int pageSize;
    private final int window;

    private Step step;
    private List<Range> ranges = List.of();
    private int recorded;
    private Page firstPage;
    private Page windowEnd;
    private WindowCut cut;
    private int offersAfterCut;
    private boolean totalChanged;
    private int reads;
    private int rollbacks;
    private boolean rolledBack;
    private int emptyReads;
    private int contradictions;
    private Integer total;
    private int repeated;
    private Set<String> lastSetAside = Set.of();
    private int sameSetAside;
    private int completeReads;
    private boolean hasSetAside;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> setAside = new HashSet<>();
    private final List<Instant> dates = new ArrayList<>();
    private Outcome outcome;

    /**
     * @param fence the fence under which the slice was taken
     * @param pageSize the maximum number of offers in one answer of the source
     * @param window the maximum number of offers of one query that the source shows
     */
    public SliceReading(Slice slice, long fence, int pageSize, int window) {
        this.slice = slice;
        this.fence = fence;
        this.pageSize = pageSize;
        this.window = window;
        start();
    }

    public Slice slice() {
        return slice;
    }

    public long fence() {
        return fence;
    }

    /** Returns the outcome, or null while the reading {@link #isOpen}. */
    public synchronized Outcome outcome() {
        return outcome;
    }

    /** Whether there is no outcome yet, so that more pages are needed. */
    public synchronized boolean isOpen() {
        return outcome == null;
    }

    /** Returns the hashes of the records that the last reading of the slice has set aside. */
    synchronized Set<String> setAside() {
        return Set.copyOf(setAside);
    }

    /** Whether any reading of the slice has set records aside, the last one or an earlier one. */
    synchronized boolean hasSetAside() {
        return hasSetAside;
    }

    /** Returns the earliest creation date to request now. */
    public synchronized Instant from() {
        return step == Step.CUT ? cut.at() : slice.from();
    }

    /** Returns the ranges to request now. */
    public synchronized List<Range> ranges() {
        return ranges;
    }

    /**
     * Records that a page could not be read or committed. After a transient database failure, such as a deadlock, the
     * slice is read again. Any other failure ends the reading, because the call has already been retried.
     */
    public synchronized void recordFailure(Throwable failure) {
        recorded++;
        if (Failures.isTransient(failure) && ++rollbacks < MAX_ROLLBACKS) {
            rolledBack = true;
        } else if (outcome == null) {
            outcome = Outcome.of(failure);
        }
    }

    /** Records a page whose offers have been committed. */
    public synchronized void recordPage(Page page) {
        recorded++;
        if (step == Step.CUT) {
            offersAfterCut = page.total();
            return;
        }
        boolean sameTotal = total == null || total == page.total();
        totalChanged |= !sameTotal;
        total = page.total();
        if (step == Step.FIRST_PAGE) {
            firstPage = page;
        } else if (step == Step.WINDOW_END) {
            windowEnd = page;
            return;
        }
        Set<String> ids = page.offers().stream().map(ReceivedOffer::id).collect(Collectors.toSet());
        Set<String> hashes = page.setAside().stream().map(SetAside::hash).collect(Collectors.toSet());
        repeated += page.offers().size() - ids.size() + page.setAside().size() - hashes.size();
        seen.addAll(ids);
        setAside.addAll(hashes);
        hasSetAside |= !hashes.isEmpty();
        dates(page.offers()).forEach(dates::add);
        if (outcome == null && isOutsideSlice(page)) {
            outcome = new Outcome.Unproved(
                    "most offers of a page were created outside the requested dates: the source seems to"
                            + " ignore minCreationDate and maxCreationDate");
        }
    }

    /**
     * Decides which ranges to request next, or what the outcome is. If neither a page nor a failure was recorded for a
     * range, its task was not started, because the pipeline is stopping.
     */
    public synchronized void decide() {
        if (outcome == null && recorded < ranges.size()) {
            outcome = new Outcome.Interrupted();
        } else if (outcome == null && rolledBack) {
            rolledBack = false;
            restart();
        } else if (outcome == null) {
            switch (step) {
                case FIRST_PAGE -> afterFirstPage();
                case WINDOW_END -> afterWindowEnd();
                case CUT -> afterCut();
                case OTHER_PAGES -> afterOtherPages();
            }
        }
    }

    private void start() {
        if (slice.expected() != null && slice.expected() > window && !slice.isOneSecond()) {
            askWindowEnd();
        } else {
            askFirstPage();
        }
    }

    private void ask(Step next, List<Range> wanted) {
        step = next;
        ranges = wanted;
        recorded = 0;
    }

    private void askFirstPage() {
        repeated = 0;
        ask(Step.FIRST_PAGE, List.of(new Range(0, pageSize - 1)));
    }

    private void askWindowEnd() {
        ask(Step.WINDOW_END, List.of(new Range(window - pageSize, window - 1)));
    }

    private void afterFirstPage() {
        emptyReads = total == 0 ? emptyReads + 1 : 0;
        if (total == 0 && emptyReads < MIN_EMPTY_READS) {
            restart();
        } else if (total == 0 && slice.previous() != null && slice.previous() > pageSize) {
            outcome = new Outcome.Unproved(
                    "the source reports no offers where the previous sweep found " + slice.previous());
        } else if (isFacetIgnored()) {
            outcome = new Outcome.Unproved("the source seems to ignore the condition " + slice.facets());
        } else if (total > window) {
            if (!slice.isOneSecond()) {
                askWindowEnd();
            } else if (SliceSplit.hasFacet(slice, firstPage)) {
                outcome = new Outcome.Split(SliceSplit.byFacet(slice, firstPage));
            } else {
                outcome = new Outcome.Unproved(
                        "one second holds " + total + " offers, more than the source shows, and no facet divides them");
            }
        } else {
            askOtherPages();
        }
    }

    private void askOtherPages() {
        int end = total;
        int tailStart = window - pageSize;
        // The tail was read by a wider query, so it is used only when the slice seems not to have changed since.
        if (reads == 0 && total.equals(slice.expected()) && !slice.tail().isEmpty()) {
            seen.addAll(slice.tail().subList(0, Math.max(0, total - tailStart)));
            end = Math.min(total, tailStart);
        }
        List<Range> others = new ArrayList<>();
        for (int first = pageSize; first < end; first += pageSize) {
            int start = Math.min(first, window - pageSize);
            others.add(new Range(start, start + pageSize - 1));
        }
        ask(Step.OTHER_PAGES, others);
        if (others.isEmpty()) {
            afterOtherPages();
        }
    }

    private void afterOtherPages() {
        reads++;
        if (isConsistent() && records() == total) {
            complete();
        } else if (reads >= READS_BEFORE_SPLIT && total > pageSize && !slice.isOneSecond()) {
            outcome = new Outcome.Split(SliceSplit.byDate(slice, dates));
        } else if (reads >= READS_BEFORE_SPLIT && total > pageSize && SliceSplit.hasFacet(slice, firstPage)) {
            outcome = new Outcome.Split(SliceSplit.byFacet(slice, firstPage));
        } else if (reads >= READS_BEFORE_SPLIT && isConsistent() && records() + repeated == total) {
            complete();
        } else if (reads < MAX_READS) {
            readAgain();
        } else {
            outcome = new Outcome.Unproved("the slice kept changing while it was read");
        }
    }

    /** Proves a slice whose records add up, or reads it again to confirm the records that were set aside. */
    private void complete() {
        completeReads++;
        sameSetAside = setAside.equals(lastSetAside) ? sameSetAside + 1 : 1;
        lastSetAside = Set.copyOf(setAside);
        if (setAside.isEmpty() || sameSetAside == MIN_SAME_SET_ASIDE) {
            outcome = new Outcome.Proved(total);
        } else if (completeReads < MAX_SET_ASIDE_READS) {
            restart();
        } else {
            outcome = new Outcome.Unproved("the readings of this slice set different records aside");
        }
    }

    /** Reads the slice again. Keeps the records read so far when only the order of the offers seems to have changed. */
    private void readAgain() {
        if (isConsistent()) {
            askFirstPage();
        } else {
            restart();
        }
    }

    /** Whether the records read so far can be the slice or a part of it. */
    private boolean isConsistent() {
        return !totalChanged && records() <= total;
    }

    private int records() {
        return seen.size() + setAside.size();
    }

    private void restart() {
        seen.clear();
        setAside.clear();
        dates.clear();
        totalChanged = false;
        total = null;
        firstPage = null;
        askFirstPage();
    }

    private void afterWindowEnd() {
        if (total > window) {
            cut = new WindowCut(slice, pageSize, window, windowEnd);
            splitOrCount();
        } else if (++contradictions < READS_BEFORE_SPLIT) {
            restart();
        } else {
            outcome = new Outcome.Unproved("the source reports contradictory totals for the same query");
        }
    }

    private void afterCut() {
        cut.recordCount(offersAfterCut);
        splitOrCount();
    }

    private void splitOrCount() {
        if (cut.isSettled()) {
            outcome = new Outcome.Split(cut.pieces(total));
        } else {
            ask(Step.CUT, List.of(new Range(0, 0)));
        }
    }

    private static Stream<Instant> dates(List<ReceivedOffer> offers) {
        return offers.stream()
                .map(ReceivedOffer::dateCreation)
                .filter(Objects::nonNull)
                .map(date -> date.truncatedTo(ChronoUnit.SECONDS));
    }

    /** Whether the piece is far larger than expected. The source silently ignores parameters that it does not know. */
    private boolean isFacetIgnored() {
        return !slice.facets().isEmpty() && slice.expected() != null && total > 2 * slice.expected() + pageSize;
    }

    private boolean isOutsideSlice(Page page) {
        long outside = page.offers().stream()
                .map(ReceivedOffer::dateCreation)
                .filter(date -> date != null
                        && (date.isBefore(slice.from().minus(DATE_TOLERANCE))
                                || date.isAfter(slice.to().plus(DATE_TOLERANCE))))
                .count();
        return 2 * outside > page.offers().size();
    }
}
