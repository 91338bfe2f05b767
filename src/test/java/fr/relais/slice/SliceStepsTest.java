package fr.relais.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import fr.relais.source.Page;
import fr.relais.source.Range;
import fr.relais.source.ReceivedOffer;
import fr.relais.source.SetAside;
import fr.relais.source.SourceException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;

/** One slice, answer by answer: what is asked for next, and what comes of it. Pages of 5 and a window of 15. */
class SliceStepsTest {

    private static final int PAGE = 5;
    private static final int WINDOW = 15;
    private static final Instant FROM = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-06-05T00:00:00Z");
    private static final Instant MIDDLE = Instant.parse("2026-06-03T00:00:00Z");

    private static final Slice DAYS = slice(null);
    private static final Slice SECOND = Slice.planned("1", TO.minusSeconds(1), TO, null);

    @Nested
    class The_pages_asked_for {

        @Test
        void begin_with_the_first() {
            assertThat(begun(DAYS).ranges()).containsExactly(new Range(0, 4));
        }

        @ParameterizedTest
        @CsvSource({"15, 0-4", "16, 10-14"})
        void begin_with_the_last_of_the_window_only_when_more_is_expected_than_the_window_shows(
                int expected, String first) {
            assertThat(begun(slice(expected)).ranges())
                    .extracting(Range::toString)
                    .containsExactly(first);
        }

        @Test
        void begin_with_the_first_when_one_second_exceeds_the_window() {
            assertThat(begun(Slice.planned("1", TO.minusSeconds(1), TO, 16)).ranges())
                    .containsExactly(new Range(0, 4));
        }

        @ParameterizedTest
        @CsvSource({"6, 5-9", "10, 5-9", "11, 5-9 10-14", "15, 5-9 10-14"})
        void go_on_to_the_last_offer_and_no_further(int total, String others) {
            SliceReading reading = begun(DAYS);

            assertThat(answer(reading, total)).isTrue();

            assertThat(reading.ranges()).extracting(Range::toString).containsExactly(others.split(" "));
            assertThat(answer(reading, total)).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(total));
        }

        @Test
        void stay_within_a_window_that_is_no_multiple_of_a_page() {
            SliceReading reading = reading(DAYS, 13);

            answer(reading, 13);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(8, 12));
            answer(reading, 13);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(13));
        }

        @Test
        void are_those_since_the_beginning_of_the_slice() {
            assertThat(begun(DAYS).from()).isEqualTo(FROM);
        }
    }

    @Nested
    class What_was_read_ahead {

        private final List<String> tail = List.of("10", "11", "12", "beyond", "the slice");

        @Test
        void counts_as_far_as_the_total_says_and_is_not_read_again() {
            SliceReading reading = begun(DAYS.piece(FROM, TO, 13, 0, tail));

            answer(reading, 13);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9));
            answer(reading, 13);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(13));
        }

        @Test
        void is_of_no_use_to_a_slice_that_ends_before_it() {
            SliceReading reading = begun(DAYS.piece(FROM, TO, 8, 0, tail));

            answer(reading, 8);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9));
            answer(reading, 8);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(8));
        }

        @ParameterizedTest
        @ValueSource(ints = {12, 14})
        void is_read_again_when_the_total_is_another_than_expected(int total) {
            SliceReading reading = begun(DAYS.piece(FROM, TO, 13, 0, tail));

            answer(reading, total);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(10, 14));
            answer(reading, total);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(total));
        }

        @Test
        void is_read_again_when_the_first_reading_proved_nothing() {
            SliceReading reading = begun(DAYS.piece(FROM, TO, 13, 0, tail));
            answer(reading, 13);
            answer(reading, 14);

            answer(reading, 13);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(10, 14));
        }
    }

    @Nested
    class A_proof {

        @Test
        void is_not_had_from_pages_with_different_totals() {
            SliceReading reading = begun(DAYS);
            answer(reading, 6);

            assertThat(answer(reading, 7, "5", "6")).isTrue();

            assertThat(reading.ranges()).as("read once more").containsExactly(new Range(0, 4));
            answer(reading, 7);
            answer(reading, 7);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(7));
        }

        @Test
        void is_not_had_from_offers_that_an_earlier_reading_saw_before_the_source_moved() {
            SliceReading reading = begun(DAYS);
            answer(reading, 6);
            answer(reading, 7, "5", "6");

            answer(reading, 7);
            answer(reading, 7, "3", "4");

            assertThat(reading.outcome()).isInstanceOf(Outcome.Split.class);
        }

        @Test
        void is_had_from_several_readings_when_only_the_order_changes() {
            SliceReading reading = begun(DAYS);
            answer(reading, 6);

            assertThat(answer(reading, 6, "4")).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            answer(reading, 6, "5", "1", "2", "3", "4");
            answer(reading, 6, "4");
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void is_sought_afresh_when_more_was_seen_than_there_is() {
            SliceReading reading = begun(SECOND);
            answer(reading, 6);
            answer(reading, 6, "4");
            answer(reading, 6, "0", "1", "2", "new", "newer");
            answer(reading, 6, "4");

            answer(reading, 6, "0", "1", "2", "new", "newer");
            answer(reading, 6, "3");

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void is_sought_afresh_when_more_was_set_aside_than_there_is_room_for() {
            SliceReading reading = begun(SECOND);
            answer(reading, 6);
            answer(reading, 6, "4");
            add(reading, 6, List.of("0", "1", "2"), List.of("bad", "worse"));
            answer(reading, 6, "3");

            answer(reading, 6);
            answer(reading, 6);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void does_not_suffer_from_what_was_set_aside_before_the_source_moved() {
            SliceReading reading = begun(DAYS);
            add(reading, 6, List.of("0", "1", "2", "3"), List.of("bad"));
            answer(reading, 7, "5", "6");

            answer(reading, 6);
            answer(reading, 6);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void counts_a_record_that_is_set_aside_twice_once() {
            SliceReading reading = begun(DAYS);
            add(reading, 6, List.of("0", "1", "2", "3"), List.of("bad"));

            assertThat(add(reading, 6, List.of(), List.of("bad"))).isTrue();

            assertThat(reading.outcome()).isNull();
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void of_one_page_is_tried_sixty_times_and_never_by_splitting(boolean oneSecond) {
            SliceReading reading = begun(oneSecond ? SECOND : DAYS);
            List<String> repeated = List.of("0", "1", "2", "3", "3");
            Map<String, Map<String, Integer>> facets = facet("typeContrat", "A", 2, "B", 3);
            for (int i = 1; i < 60; i++) {
                assertThat(add(reading, 5, repeated, List.of(), facets)).isTrue();
                assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            }

            assertThat(add(reading, 5, repeated, List.of(), facets)).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Unproved("the slice kept moving while it was read"));
        }

        @Test
        void of_one_second_without_facets_is_tried_sixty_times() {
            SliceReading reading = begun(SECOND);
            for (int i = 1; i < 60; i++) {
                answer(reading, 6);
                assertThat(answer(reading, 6, "4")).isTrue();
            }
            answer(reading, 6);

            assertThat(answer(reading, 6, "4")).isFalse();
            assertThat(reading.outcome()).isInstanceOf(Outcome.Unproved.class);
        }
    }

    @Nested
    class An_empty_answer {

        @ParameterizedTest
        @ValueSource(ints = {0, 1, 5})
        void is_believed_the_tenth_time_of_a_slice_that_held_no_more_than_a_page(int expected) {
            SliceReading reading = begun(slice(expected));

            assertThat(answersUntilEmpty(reading)).isEqualTo(10);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(0));
        }

        @Test
        void is_never_believed_of_a_slice_that_held_more_than_a_page() {
            SliceReading reading = begun(slice(6));

            assertThat(answersUntilEmpty(reading)).isEqualTo(10);

            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Unproved("the source says that nothing is left of 6 offers"));
        }

        @Test
        void is_believed_the_tenth_time_of_a_piece_that_never_was_counted() {
            SliceReading reading = begun(DAYS.piece(FROM, TO, 6, 0, List.of()));

            assertThat(answersUntilEmpty(reading)).isEqualTo(10);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(0));
        }

        @Test
        void is_not_added_to_those_before_an_answer_with_offers() {
            SliceReading reading = begun(slice(5));
            for (int i = 0; i < 9; i++) {
                answer(reading, 0);
            }
            answer(reading, 7);
            // The second page is denied, so the slice is read anew.
            answer(reading, 0);

            assertThat(answersUntilEmpty(reading)).isEqualTo(10);
        }

        private int answersUntilEmpty(SliceReading reading) {
            int answers = 1;
            while (answer(reading, 0)) {
                answers++;
            }
            return answers;
        }

        @Test
        void leaves_no_trace_when_the_next_one_is_not_empty() {
            SliceReading reading = begun(slice(6));

            answer(reading, 0);

            assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            answer(reading, 6);
            answer(reading, 6);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }
    }

    @Nested
    class A_slice_that_exceeds_the_window {

        @Test
        void is_cut_where_the_window_ends() {
            SliceReading reading = begun(slice(16));
            Instant last = MIDDLE.minusSeconds(4);

            assertThat(add(reading, 16, dated("end", MIDDLE, last))).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 0));
            assertThat(reading.from()).isEqualTo(last.plusSeconds(1));
            assertThat(add(reading, 11, dated("first", TO))).isFalse();
            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Split(List.of(
                            DAYS.piece(last.plusSeconds(1), TO, 11, 0, List.of("end0", "end1")),
                            DAYS.piece(FROM, last.plusSeconds(1), 5, 0, List.of()))));
        }

        @Test
        void is_counted_until_it_is_known_where_to_cut() {
            SliceReading reading = begun(slice(16));
            add(reading, 16, dated("end", MIDDLE, MIDDLE.minusSeconds(4)));
            Instant first = reading.from();

            assertThat(add(reading, 16, dated("first", TO))).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 0));
            assertThat(reading.from()).isAfter(first);
        }

        @Test
        void is_recognised_by_its_first_page() {
            SliceReading reading = begun(DAYS);

            assertThat(answer(reading, 16)).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(10, 14));
        }

        @Test
        void is_read_page_by_page_when_it_fits_after_all() {
            SliceReading reading = begun(slice(16));

            assertThat(answer(reading, 15)).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            answer(reading, 15);
            answer(reading, 15);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(15));
        }

        @Test
        void is_unproved_when_the_source_cannot_decide_whether_it_does() {
            SliceReading reading = begun(slice(16));
            answer(reading, 15);
            answer(reading, 16);

            assertThat(answer(reading, 15)).isFalse();

            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Unproved("the source gives two totals for the same question"));
        }
    }

    @Nested
    class A_slice_that_moves {

        @Test
        void is_split_in_the_middle_after_two_readings_when_its_offers_have_no_dates() {
            SliceReading reading = begun(DAYS);
            answer(reading, 6);
            assertThat(answer(reading, 7)).isTrue();
            answer(reading, 6);

            assertThat(answer(reading, 7)).isFalse();

            assertThat(reading.outcome()).isEqualTo(splitAt(MIDDLE));
        }

        @Test
        void is_split_where_half_of_its_offers_are_newer() {
            Instant half = FROM.plusSeconds(7_000);

            assertThat(split(
                            half,
                            TO.minusSeconds(1),
                            FROM.plusSeconds(100),
                            half.plusSeconds(50),
                            FROM.plusSeconds(200)))
                    .isEqualTo(splitAt(half));
        }

        @Test
        void is_split_at_a_whole_second() {
            Instant half = FROM.plusSeconds(7_000);

            assertThat(split(half.plusMillis(999))).isEqualTo(splitAt(half));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 11})
        void is_split_as_well_when_its_labels_are_hours_ahead(int hours) {
            Duration ahead = Duration.ofHours(hours);
            Instant half = FROM.plusSeconds(7_000);

            assertThat(split(FROM.plus(ahead), half.plus(ahead), TO.plus(ahead)))
                    .isEqualTo(splitAt(half));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 11})
        void is_split_as_well_when_its_labels_are_hours_behind(int hours) {
            Duration behind = Duration.ofHours(hours);
            Instant half = FROM.plusSeconds(7_000);

            assertThat(split(FROM.minus(behind), half.minus(behind), half.plusSeconds(10)))
                    .isEqualTo(splitAt(half));
        }

        @Test
        void is_split_in_the_middle_when_half_of_its_offers_share_its_first_second() {
            assertThat(split(FROM, FROM, FROM.plusSeconds(9))).isEqualTo(splitAt(MIDDLE));
        }

        @Test
        void is_split_by_the_dates_of_its_last_reading() {
            SliceReading reading = begun(DAYS);
            add(
                    reading,
                    6,
                    dated("a", Collections.nCopies(5, TO.minusSeconds(9)).toArray(Instant[]::new)));
            answer(reading, 7);
            Instant half = FROM.plusSeconds(7_000);
            add(reading, 6, dated("b", FROM.plusSeconds(1), half, TO.minusSeconds(1)));
            answer(reading, 7);

            assertThat(reading.outcome()).isEqualTo(splitAt(half));
        }

        @Test
        void is_split_by_facets_after_two_readings_when_it_is_one_second() {
            SliceReading reading = begun(SECOND);
            Map<String, Map<String, Integer>> facets = facet("experience", "1", 3, "2", 3);
            add(reading, 6, List.of("0", "1", "2", "3", "4"), List.of(), facets);
            assertThat(answer(reading, 6, "4")).isTrue();
            add(reading, 6, List.of("0", "1", "2", "3", "4"), List.of(), facets);

            assertThat(answer(reading, 6, "4")).isFalse();

            assertThat(conditions(reading))
                    .containsExactlyInAnyOrder(tuple("experience=1&", 3), tuple("experience=2&", 3));
        }

        private Outcome split(Instant... dates) {
            SliceReading reading = begun(DAYS);
            for (int i = 0; i < 2; i++) {
                add(reading, 6, dated("a", dates));
                answer(reading, 7);
            }
            return reading.outcome();
        }

        private static Outcome splitAt(Instant cut) {
            return new Outcome.Split(List.of(DAYS.piece(cut, TO), DAYS.piece(FROM, cut)));
        }
    }

    @Nested
    class One_second_that_exceeds_the_window {

        @Test
        void is_divided_by_the_facet_whose_largest_value_is_the_smallest() {
            assertThat(pieces(
                            SECOND,
                            Map.of(
                                    "typeContrat", Map.of("CDI", 14, "CDD", 6),
                                    "experience", Map.of("1", 8, "2", 7, "3", 5),
                                    "qualification", Map.of("0", 9, "9", 11))))
                    .containsExactlyInAnyOrder(
                            tuple("experience=1&", 8), tuple("experience=2&", 7), tuple("experience=3&", 5));
        }

        @Test
        void is_always_divided_alike_when_two_facets_are_as_good() {
            assertThat(pieces(
                            SECOND,
                            Map.of(
                                    "natureContrat", Map.of("E1", 10, "E2", 10),
                                    "typeContrat", Map.of("CDI", 10, "CDD", 10))))
                    .containsExactlyInAnyOrder(tuple("typeContrat=CDI&", 10), tuple("typeContrat=CDD&", 10));
        }

        @Test
        void is_not_divided_by_a_facet_that_misses_some_of_its_offers() {
            assertThat(pieces(
                            SECOND,
                            Map.of(
                                    "typeContrat", Map.of("CDI", 10, "CDD", 9),
                                    "experience", Map.of("1", 18, "2", 2))))
                    .containsExactlyInAnyOrder(tuple("experience=1&", 18), tuple("experience=2&", 2));
        }

        @Test
        void is_not_divided_twice_by_the_same_facet() {
            Slice contracts = SECOND.pieceWhere("typeContrat=CDI&", 20);

            assertThat(pieces(
                            contracts,
                            Map.of("typeContrat", Map.of("CDI", 10, "CDD", 10), "experience", Map.of("1", 18, "2", 2))))
                    .containsExactlyInAnyOrder(
                            tuple("typeContrat=CDI&experience=1&", 18), tuple("typeContrat=CDI&experience=2&", 2));
        }

        @Test
        void has_no_piece_for_a_value_without_offers_and_writes_values_for_a_query_string() {
            assertThat(pieces(SECOND, facet("typeContrat", "A&B", 19, "É", 1, "none", 0)))
                    .containsExactlyInAnyOrder(tuple("typeContrat=A%26B&", 19), tuple("typeContrat=%C3%89&", 1));
        }

        @Test
        void is_unproved_when_each_facet_has_one_value_only() {
            SliceReading reading = begun(SECOND);

            assertThat(add(reading, 16, List.of("0"), List.of(), facet("typeContrat", "CDI", 16)))
                    .isFalse();

            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Unproved(
                            "one second holds 16 offers, more than the source shows, and no facet" + " divides them"));
        }

        @Test
        void is_read_page_by_page_when_it_only_fills_the_window() {
            SliceReading reading = begun(SECOND);

            answer(reading, 15);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(10, 14));
        }

        private static List<Tuple> pieces(Slice slice, Map<String, Map<String, Integer>> facets) {
            SliceReading reading = begun(slice);
            assertThat(add(reading, 20, List.of("0", "1", "2", "3", "4"), List.of(), facets))
                    .isFalse();
            return conditions(reading);
        }
    }

    @Nested
    class A_condition {

        @ParameterizedTest
        @CsvSource({"11, false", "12, true"})
        void seems_ignored_when_far_more_came_than_it_can_select(int total, boolean ignored) {
            SliceReading reading = begun(DAYS.pieceWhere("typeContrat=CDI&", 3));

            answer(reading, total);

            assertThat(reading.outcome())
                    .isEqualTo(
                            ignored
                                    ? new Outcome.Unproved("the source seems to ignore the condition typeContrat=CDI&")
                                    : null);
        }

        @Test
        void does_not_seem_ignored_when_nobody_knows_how_much_it_selects() {
            SliceReading reading = begun(DAYS.pieceWhere("typeContrat=CDI&", 3).piece(FROM, TO));

            answer(reading, 12);

            assertThat(reading.outcome()).isNull();
        }

        @Test
        void does_not_seem_ignored_when_there_is_none() {
            SliceReading reading = begun(slice(3));

            answer(reading, 12);

            assertThat(reading.outcome()).isNull();
        }

        @Test
        void on_dates_seems_ignored_when_most_offers_lie_a_day_outside() {
            Instant tooOld = FROM.minus(Duration.ofDays(1)).minusSeconds(1);
            Instant tooNew = TO.plus(Duration.ofDays(1)).plusSeconds(1);

            assertThat(outcome(tooOld, tooNew, MIDDLE)).isInstanceOf(Outcome.Unproved.class);
            assertThat(outcome(tooOld, MIDDLE)).as("not most").isInstanceOf(Outcome.Proved.class);
            assertThat(outcome(tooOld.plusSeconds(1), tooNew.minusSeconds(1)))
                    .as("in another zone")
                    .isInstanceOf(Outcome.Proved.class);
            assertThat(outcome(null, null, null)).as("without a date").isInstanceOf(Outcome.Proved.class);
        }

        private static Outcome outcome(Instant... dates) {
            SliceReading reading = begun(DAYS);
            add(reading, dates.length, dated("a", dates));
            return reading.outcome();
        }
    }

    @Nested
    class A_failure {

        @Test
        void ends_the_reading() {
            SliceReading reading = begun(DAYS);

            reading.recordFailure(new SourceException.Unavailable("nobody there"));

            assertThat(decide(reading)).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Unread("nobody there"));
        }

        @Test
        void is_told_before_those_that_follow() {
            SliceReading reading = begun(DAYS);

            reading.recordFailure(new SourceException.Unavailable("first"));
            reading.recordFailure(new SourceException.Unavailable("second"));
            add(reading, 1, dated("elsewhere", FROM.minus(Duration.ofDays(9))));

            assertThat(reading.outcome()).isEqualTo(new Outcome.Unread("first"));
        }

        @Test
        void of_the_database_that_passes_lets_all_be_read_again() {
            SliceReading reading = begun(DAYS);
            answer(reading, 11);
            reading.recordPage(page(new Range(5, 9), 12));
            reading.recordFailure(new CannotAcquireLockException("deadlock"));

            assertThat(decide(reading)).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            answer(reading, 12);
            answer(reading, 12);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(12));
        }

        @Test
        void of_the_database_that_does_not_pass_is_the_fifth() {
            SliceReading reading = begun(DAYS);
            for (int i = 1; i < 5; i++) {
                reading.recordFailure(new IllegalStateException(new CannotAcquireLockException("deadlock")));
                assertThat(decide(reading)).isTrue();
            }

            reading.recordFailure(new IllegalStateException(new CannotAcquireLockException("deadlock")));

            assertThat(decide(reading)).isFalse();
            assertThat(reading.outcome()).isInstanceOf(Outcome.Unread.class);
        }
    }

    @Test
    void a_reading_keeps_the_fence_under_which_it_began() {
        assertThat(reading(DAYS, WINDOW).fence()).isEqualTo(7);
    }

    private static Slice slice(Integer expected) {
        return Slice.planned("1", FROM, TO, expected);
    }

    private static SliceReading reading(Slice slice, int window) {
        return new SliceReading(slice, 7, PAGE, window);
    }

    private static SliceReading begun(Slice slice) {
        return reading(slice, WINDOW);
    }

    /** Whether there is more to read. */
    private static boolean decide(SliceReading reading) {
        reading.decide();
        return reading.isOpen();
    }

    /** Answers all that is asked for from a source that holds the offers 0, 1, 2, ..., and goes on. */
    private static boolean answer(SliceReading reading, int total) {
        reading.ranges().forEach(range -> reading.recordPage(page(range, total)));
        return decide(reading);
    }

    private static boolean answer(SliceReading reading, int total, String... ids) {
        return add(reading, total, List.of(ids), List.of());
    }

    private static boolean add(SliceReading reading, int total, List<String> ids, List<String> setAside) {
        return add(reading, total, ids, setAside, Map.of());
    }

    private static boolean add(
            SliceReading reading,
            int total,
            List<String> ids,
            List<String> setAside,
            Map<String, Map<String, Integer>> facets) {
        reading.recordPage(new Page(
                0,
                total,
                ids.stream().map(id -> offer(id, null)).toList(),
                setAside.stream().map(hash -> new SetAside("bad", hash)).toList(),
                facets));
        return decide(reading);
    }

    private static boolean add(SliceReading reading, int total, List<ReceivedOffer> offers) {
        reading.recordPage(new Page(0, total, offers, List.of(), Map.of()));
        return decide(reading);
    }

    private static Page page(Range range, int total) {
        List<ReceivedOffer> offers = IntStream.range(range.first(), Math.min(range.last() + 1, total))
                .mapToObj(i -> offer(String.valueOf(i), null))
                .toList();
        return new Page(range.first(), total, offers, List.of(), Map.of());
    }

    private static List<ReceivedOffer> dated(String prefix, Instant... dates) {
        List<ReceivedOffer> offers = new ArrayList<>();
        for (Instant date : dates) {
            offers.add(offer(prefix + offers.size(), date));
        }
        return offers;
    }

    private static ReceivedOffer offer(String id, Instant created) {
        return new ReceivedOffer(id, created, new byte[0], 0, 0);
    }

    private static Map<String, Map<String, Integer>> facet(String facet, Object... counts) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (int i = 0; i < counts.length; i += 2) {
            values.put((String) counts[i], (Integer) counts[i + 1]);
        }
        return Map.of(facet, values);
    }

    private static List<Tuple> conditions(SliceReading reading) {
        return ((Outcome.Split) reading.outcome())
                .pieces().stream()
                        .map(piece -> tuple(piece.facets(), piece.expected()))
                        .toList();
    }
}
