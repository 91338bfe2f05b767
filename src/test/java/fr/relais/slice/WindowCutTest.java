package fr.relais.slice;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.source.Page;
import fr.relais.source.ReceivedOffer;
import fr.relais.source.SetAside;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with a slice of four days and 1,000 offers, pages of 10 offers and a window of 100. */
class WindowCutTest {

    private static final int PAGE = 10;
    private static final int WINDOW = 100;
    private static final Instant FROM = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-06-05T00:00:00Z");
    private static final Slice SLICE = Slice.planned("1", FROM, TO, null);

    /** The newest offer is as new as the slice allows; the others are two minutes apart. */
    private static final List<Instant> CREATED =
            IntStream.range(0, 1_000).mapToObj(i -> TO.minusSeconds(120L * i)).toList();

    @ParameterizedTest
    @ValueSource(ints = {-26, -25, -12, -3, -2, -1, 0, 1, 2, 3, 9, 14, 25, 26})
    void a_few_counts_within_the_slice_find_the_time_zone_of_the_labels(int hours) {
        WindowCut cut = cut(SLICE, labelled(Duration.ofHours(hours)));

        int counts = 0;
        while (!cut.isSettled()) {
            assertThat(cut.at()).isStrictlyBetween(FROM, TO);
            cut.recordCount((int)
                    CREATED.stream().filter(date -> !date.isBefore(cut.at())).count());
            assertThat(++counts).isLessThanOrEqualTo(7);
        }

        Instant afterTheLast = CREATED.get(99).plusSeconds(1);
        assertThat(cut.at()).isEqualTo(afterTheLast);
        assertThat(cut.pieces(1_000))
                .containsExactly(
                        SLICE.piece(afterTheLast, TO, 99, hours, ids()),
                        SLICE.piece(FROM, afterTheLast, 901, hours, List.of()));
    }

    @Test
    void a_count_is_needed_while_the_time_zone_is_unknown() {
        assertThat(cut(SLICE, labelled(Duration.ZERO)).isSettled()).isFalse();
    }

    @Test
    void an_inherited_time_zone_is_used_without_a_count() {
        Slice slice = SLICE.piece(FROM, TO, null, 2, List.of());

        WindowCut cut = cut(slice, labelled(Duration.ofHours(2)));

        assertThat(cut.isSettled()).isTrue();
        assertThat(cut.at()).isEqualTo(CREATED.get(99).plusSeconds(1));
    }

    @Test
    void an_inherited_time_zone_is_doubted_when_the_cut_would_lie_outside_the_slice() {
        Slice slice = SLICE.piece(FROM, TO, null, 2, List.of());

        WindowCut cut = cut(slice, labelled(Duration.ofHours(7)));

        assertThat(cut.isSettled()).isFalse();
        assertThat(cut.at()).isStrictlyBetween(FROM, TO);
    }

    @ParameterizedTest
    @CsvSource({"96, false", "97, true", "99, true", "101, true", "102, false"})
    void a_count_may_be_wrong_by_two_percent_of_the_window(int offers, boolean settled) {
        WindowCut cut = cut(SLICE, labelled(Duration.ZERO));

        cut.recordCount(offers);

        assertThat(cut.isSettled()).isEqualTo(settled);
    }

    @ParameterizedTest
    @CsvSource({"91, 100, true", "91, 101, false", "91, 50, true"})
    void the_newer_piece_grows_when_it_fits_the_window_and_shrinks_otherwise(int expected, int offers, boolean grows) {
        // Nine offers share the last second, so the newer piece is expected to be smaller than the window.
        List<Instant> labels = new ArrayList<>(Collections.nCopies(10, CREATED.get(99)));
        labels.set(0, CREATED.get(90));
        WindowCut cut = cut(SLICE, labels);
        Instant tried = cut.at();
        assertThat(cut.pieces(1_000).get(0).expected()).isEqualTo(expected);

        cut.recordCount(offers);

        assertThat(cut.isSettled()).isFalse();
        assertThat(cut.at().isBefore(tried)).isEqualTo(grows);
    }

    @Test
    void hours_whose_cut_would_lie_outside_the_slice_are_skipped() {
        Slice slice = Slice.planned("1", TO.minusSeconds(7_200), TO, null);
        WindowCut cut = cut(slice, Collections.nCopies(10, TO.plusSeconds(36_000)));

        for (int counts = 0; !cut.isSettled(); counts++) {
            assertThat(cut.at()).isStrictlyBetween(slice.from(), slice.to());
            assertThat(counts).isLessThan(2);
            cut.recordCount(1);
        }
    }

    @Test
    void labels_newer_than_any_time_zone_explains_cut_off_the_newest_second() {
        assertThat(piecesOf(Collections.nCopies(10, TO.plus(Duration.ofDays(3)))))
                .containsExactly(SLICE.piece(TO.minusSeconds(1), TO), SLICE.piece(FROM, TO.minusSeconds(1)));
    }

    @Test
    void labels_older_than_any_time_zone_explains_halve_the_slice() {
        Instant middle = FROM.plus(Duration.ofDays(2));

        assertThat(piecesOf(Collections.nCopies(10, FROM.minus(Duration.ofDays(3)))))
                .containsExactly(SLICE.piece(middle, TO), SLICE.piece(FROM, middle));
    }

    @Test
    void a_last_page_with_a_record_that_was_set_aside_is_not_reused() {
        Page end = page(labelled(Duration.ZERO));
        Page incomplete = new Page(90, 1_000, end.offers(), List.of(new SetAside("bad", "00", Set.of())), Map.of());
        WindowCut cut = new WindowCut(SLICE, PAGE, WINDOW, incomplete);

        cut.recordCount(99);

        assertThat(cut.pieces(1_000)).extracting(Slice::tail).containsExactly(List.of(), List.of());
    }

    @Test
    void offers_without_a_date_do_not_influence_the_cut() {
        List<Instant> labels = new ArrayList<>(labelled(Duration.ZERO));
        labels.set(3, null);

        assertThat(cut(SLICE, labels).at()).isEqualTo(CREATED.get(99).plusSeconds(1));
        assertThat(cut(SLICE, Collections.nCopies(10, null)).at()).isStrictlyBetween(FROM, TO);
    }

    @Test
    void the_cut_is_at_a_whole_second() {
        assertThat(cut(SLICE, Collections.nCopies(10, CREATED.get(99).plusMillis(999)))
                        .at())
                .isEqualTo(CREATED.get(99).plusSeconds(1));
    }

    private static List<Slice> piecesOf(List<Instant> labels) {
        WindowCut cut = cut(SLICE, labels);
        assertThat(cut.isSettled()).isTrue();
        return cut.pieces(1_000).stream()
                .map(piece -> SLICE.piece(piece.from(), piece.to(), piece.expected(), piece.zone(), piece.tail()))
                .toList();
    }

    private static WindowCut cut(Slice slice, List<Instant> labels) {
        return new WindowCut(slice, PAGE, WINDOW, page(labels));
    }

    /** Returns the labels on the last page of the window when labels are ahead of the creation dates. */
    private static List<Instant> labelled(Duration ahead) {
        return CREATED.subList(90, 100).stream().map(date -> date.plus(ahead)).toList();
    }

    private static Page page(List<Instant> labels) {
        List<ReceivedOffer> offers = IntStream.range(0, labels.size())
                .mapToObj(i -> new ReceivedOffer(String.valueOf(90 + i), labels.get(i), new byte[0], 0, 0))
                .toList();
        return new Page(90, 1_000, offers, List.of(), Map.of());
    }

    private static List<String> ids() {
        return IntStream.range(90, 100).mapToObj(String::valueOf).toList();
    }
}
