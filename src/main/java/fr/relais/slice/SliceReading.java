package fr.relais.slice;

import fr.relais.failure.Failures;
import fr.relais.source.Page;
import fr.relais.source.Range;
import fr.relais.source.ReceivedOffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The reading of one slice, from its first page to its outcome. It decides which ranges to ask for and whether what came
 * proves the slice complete; it never calls anyone. Threads may add pages side by side.
 *
 * <p>The proof: every page reported the same total, and as many distinct records were read as that total says. A change
 * of the source between two pages breaks one or the other, but for one: an offer removed and another created with an older
 * date, both between two pages, can hide a third. That is why the source is asked for an offer before it is removed.
 *
 * <p>A slice that exceeds the window is cut ({@link WindowCut}), one that moves while it is read is split in two, one second
 * by facets, down to one page, which is one atomic read. Dates only suggest where to cut: each piece is proved by its own totals.
 */
public final class SliceReading {

    /** A slice that moved is read once more in one piece before it is split. */
    private static final int READS_BEFORE_SPLIT = 2;

    /** What cannot be split any more is read until its pages add up: their order may change between two calls. */
    private static final int READS_OF_THE_SMALLEST = 60;

    /** That there is nothing is easily said by mistake, and few slices are empty: ask again before believing it. */
    private static final int READS_OF_AN_EMPTY = 10;

    /** Passing failures of the database that one slice may meet. */
    private static final int MOST_ROLLBACKS = 5;

    /** How far creation dates may lie outside the slice that was asked for: zones differ by hours, not by days. */
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
    private Page firstPage;
    private Page windowEnd;
    private WindowCut cut;
    private int offersAfterCut;
    private boolean moved;
    private int reads;
    private int rollbacks;
    private boolean again;
    private int emptyReads;
    private int shortWindows;
    private Integer total;
    private final Set<String> seen = new HashSet<>();
    private final Set<String> setAside = new HashSet<>();
    private final List<Instant> dates = new ArrayList<>();
    private Outcome outcome;

    /**
     * @param fence of the lease under which it began
     * @param pageSize the most offers that the source gives in one answer
     * @param window the most offers of one query that the source lets anyone see
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

    /** What came of it, or null while {@link #isOpen}. */
    public synchronized Outcome outcome() {
        return outcome;
    }

    /** Whether pages are still wanted. */
    public synchronized boolean isOpen() {
        return outcome == null;
    }

    /** The earliest creation date to ask for now. */
    public synchronized Instant from() {
        return step == Step.CUT ? cut.at() : slice.from();
    }

    /** The pages to ask for now. */
    public synchronized List<Range> ranges() {
        return ranges;
    }

    /**
     * Records a page that could not be read or committed. A database that rolled back for a passing reason, a
     * deadlock for instance, gets another chance; any other failure has been repeated already and ends the reading.
     */
    public synchronized void recordFailure(Throwable failure) {
        if (Failures.isTransient(failure) && ++rollbacks < MOST_ROLLBACKS) {
            again = true;
        } else if (outcome == null) {
            outcome = Outcome.of(failure);
        }
    }

    /** Records a page whose offers have been committed. */
    public synchronized void recordPage(Page page) {
        if (step == Step.CUT) {
            offersAfterCut = page.total();
            return;
        }
        boolean sameTotal = total == null || total == page.total();
        moved |= !sameTotal;
        total = page.total();
        if (step == Step.FIRST_PAGE) {
            firstPage = page;
        } else if (step == Step.WINDOW_END) {
            windowEnd = page;
            return;
        }
        page.offers().forEach(offer -> seen.add(offer.id()));
        page.setAside().forEach(record -> setAside.add(record.hash()));
        dates(page.offers()).forEach(dates::add);
        if (outcome == null && isElsewhere(page)) {
            outcome = new Outcome.Unproved(
                    "the source answered with offers created on other dates than asked for: does it"
                            + " ignore minCreationDate and maxCreationDate?");
        }
    }

    /** Decides, once all of {@link #ranges} have been recorded, which ranges to ask for next or what came of the slice. */
    public synchronized void decide() {
        if (outcome == null && again) {
            again = false;
            restart();
        } else if (outcome == null) {
            switch (step) {
                case FIRST_PAGE -> afterFirstPage();
                case WINDOW_END -> afterWindowEnd();
                case CUT -> afterCut();
                case OTHER_PAGES -> judge();
            }
        }
    }

    private void start() {
        if (slice.expected() != null && slice.expected() > window && !slice.isOneSecond()) {
            askWindowEnd();
        } else {
            read();
        }
    }

    private void ask(Step next, List<Range> wanted) {
        step = next;
        ranges = wanted;
    }

    private void read() {
        ask(Step.FIRST_PAGE, List.of(new Range(0, pageSize - 1)));
    }

    private void askWindowEnd() {
        ask(Step.WINDOW_END, List.of(new Range(window - pageSize, window - 1)));
    }

    private void afterFirstPage() {
        emptyReads = total == 0 ? emptyReads + 1 : 0;
        if (total == 0 && emptyReads < READS_OF_AN_EMPTY) {
            restart();
        } else if (total == 0 && slice.previous() != null && slice.previous() > pageSize) {
            outcome = new Outcome.Unproved("the source says that nothing is left of " + slice.previous() + " offers");
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
        int read = window - pageSize;
        // Read ahead under a wider query, so of use only while nothing has moved since.
        if (reads == 0 && total.equals(slice.expected()) && !slice.tail().isEmpty()) {
            seen.addAll(slice.tail().subList(0, Math.max(0, total - read)));
            end = Math.min(total, read);
        }
        List<Range> others = new ArrayList<>();
        for (int first = pageSize; first < end; first += pageSize) {
            int start = Math.min(first, window - pageSize);
            others.add(new Range(start, start + pageSize - 1));
        }
        ask(Step.OTHER_PAGES, others);
        if (others.isEmpty()) {
            judge();
        }
    }

    private void judge() {
        reads++;
        if (mayAddUp() && records() == total) {
            outcome = setAside.isEmpty()
                    ? new Outcome.Proved(total)
                    : new Outcome.Unproved(setAside.size() + " record(s) of this slice were set aside");
        } else if (reads >= READS_BEFORE_SPLIT && total > pageSize && !slice.isOneSecond()) {
            outcome = new Outcome.Split(SliceSplit.byDate(slice, dates));
        } else if (reads >= READS_BEFORE_SPLIT && total > pageSize && SliceSplit.hasFacet(slice, firstPage)) {
            outcome = new Outcome.Split(SliceSplit.byFacet(slice, firstPage));
        } else if (reads < READS_OF_THE_SMALLEST) {
            readAgain();
        } else {
            outcome = new Outcome.Unproved("the slice kept moving while it was read");
        }
    }

    /** What was read stays read while the total stays the same and only the order changes. */
    private void readAgain() {
        if (mayAddUp()) {
            read();
        } else {
            restart();
        }
    }

    /** Whether what was read can be the slice, or a part of it. */
    private boolean mayAddUp() {
        return !moved && records() <= total;
    }

    private int records() {
        return seen.size() + setAside.size();
    }

    private void restart() {
        seen.clear();
        setAside.clear();
        dates.clear();
        moved = false;
        total = null;
        firstPage = null;
        read();
    }

    private void afterWindowEnd() {
        if (total > window) {
            cut = new WindowCut(slice, pageSize, window, windowEnd);
            askWhereToCut();
        } else if (++shortWindows < READS_BEFORE_SPLIT) {
            restart();
        } else {
            outcome = new Outcome.Unproved("the source gives two totals for the same question");
        }
    }

    private void afterCut() {
        cut.judge(offersAfterCut);
        askWhereToCut();
    }

    private void askWhereToCut() {
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

    /** A parameter that the source does not know is ignored without a word: the piece is then as large as the whole. */
    private boolean isFacetIgnored() {
        return !slice.facets().isEmpty() && slice.expected() != null && total > 2 * slice.expected() + pageSize;
    }

    private boolean isElsewhere(Page page) {
        long outside = page.offers().stream()
                .map(ReceivedOffer::dateCreation)
                .filter(date -> date != null
                        && (date.isBefore(slice.from().minus(DATE_TOLERANCE))
                                || date.isAfter(slice.to().plus(DATE_TOLERANCE))))
                .count();
        return 2 * outside > page.offers().size();
    }
}
