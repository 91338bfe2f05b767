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
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;

/**
 * Tests that read one slice answer by answer, and check which ranges are requested next and what the outcome is. Pages
 * have 5 offers, and the window has 15.
 */
class SliceStepsTest {

    private static final int PAGE = 5;
    private static final int WINDOW = 15;
    private static final Instant FROM = Instant.parse("2026-06-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2026-06-05T00:00:00Z");
    private static final Instant MIDDLE = Instant.parse("2026-06-03T00:00:00Z");

    private static final Slice DAYS = slice(null);
    private static final Slice SECOND = Slice.planned("1", TO.minusSeconds(1), TO, null);

    @Nested
    class The_requested_pages {

        @Test
        void end_the_reading_when_one_of_them_is_neither_read_nor_failed() {
            SliceReading reading = start(DAYS);

            reading.decide();

            assertThat(reading.outcome()).isEqualTo(new Outcome.Interrupted());
        }

        @Test
        void start_with_the_first() {
            assertThat(start(DAYS).ranges()).containsExactly(new Range(0, 4));
        }

        @ParameterizedTest
        @CsvSource({"15, 0-4", "16, 10-14"})
        void start_at_the_end_of_the_window_when_more_offers_are_expected_than_it_shows(int expected, String first) {
            assertThat(start(slice(expected)).ranges())
                    .extracting(Range::toString)
                    .containsExactly(first);
        }

        @Test
        void start_with_the_first_when_one_second_exceeds_the_window() {
            assertThat(start(Slice.planned("1", TO.minusSeconds(1), TO, 16)).ranges())
                    .containsExactly(new Range(0, 4));
        }

        @ParameterizedTest
        @CsvSource({"6, 5-9", "10, 5-9", "11, 5-9 10-14", "15, 5-9 10-14"})
        void continue_up_to_the_last_offer(int total, String others) {
            SliceReading reading = start(DAYS);

            assertThat(answer(reading, total)).isTrue();

            assertThat(reading.ranges()).extracting(Range::toString).containsExactly(others.split(" "));
            assertThat(answer(reading, total)).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(total));
        }

        @Test
        void stay_within_a_window_that_is_not_a_multiple_of_a_page() {
            SliceReading reading = reading(DAYS, 13);

            answer(reading, 13);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(8, 12));
            answer(reading, 13);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(13));
        }

        @Test
        void start_at_the_earliest_date_of_the_slice() {
            assertThat(start(DAYS).from()).isEqualTo(FROM);
        }
    }

    @Nested
    class Offers_read_ahead {

        private final List<String> tail = List.of("10", "11", "12", "beyond", "the slice");

        @Test
        void count_up_to_the_total_and_are_not_read_again() {
            SliceReading reading = start(DAYS.piece(FROM, TO, 13, 0, tail));

            answer(reading, 13);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9));
            answer(reading, 13);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(13));
        }

        @Test
        void are_ignored_when_the_slice_ends_before_them() {
            SliceReading reading = start(DAYS.piece(FROM, TO, 8, 0, tail));

            answer(reading, 8);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9));
            answer(reading, 8);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(8));
        }

        @ParameterizedTest
        @ValueSource(ints = {12, 14})
        void are_read_again_when_the_total_differs_from_the_expected_one(int total) {
            SliceReading reading = start(DAYS.piece(FROM, TO, 13, 0, tail));

            answer(reading, total);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(10, 14));
            answer(reading, total);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(total));
        }

        @Test
        void are_read_again_when_the_first_reading_proved_nothing() {
            SliceReading reading = start(DAYS.piece(FROM, TO, 13, 0, tail));
            answer(reading, 13);
            answer(reading, 14);

            answer(reading, 13);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(10, 14));
        }
    }

    @Nested
    class A_proof {

        @Test
        void is_impossible_when_pages_have_different_totals() {
            SliceReading reading = start(DAYS);
            answer(reading, 6);

            assertThat(answer(reading, 7, "5", "6")).isTrue();

            assertThat(reading.ranges()).as("read once more").containsExactly(new Range(0, 4));
            answer(reading, 7);
            answer(reading, 7);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(7));
        }

        @Test
        void does_not_use_offers_that_were_read_before_the_total_changed() {
            SliceReading reading = start(DAYS);
            answer(reading, 6);
            answer(reading, 7, "5", "6");

            answer(reading, 7);
            answer(reading, 7, "3", "4");

            assertThat(reading.outcome()).isInstanceOf(Outcome.Split.class);
        }

        @Test
        void may_combine_several_readings_when_only_the_order_changes() {
            SliceReading reading = start(DAYS);
            answer(reading, 6);

            assertThat(answer(reading, 6, "4")).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            answer(reading, 6, "5", "1", "2", "3", "4");
            answer(reading, 6, "4");
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void starts_again_when_more_offers_were_seen_than_the_total() {
            SliceReading reading = start(SECOND);
            answer(reading, 6);
            answer(reading, 6, "4");
            answer(reading, 6, "0", "1", "2", "new", "newer");
            answer(reading, 6, "4");

            answer(reading, 6, "0", "1", "2", "new", "newer");
            answer(reading, 6, "3");

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void starts_again_when_records_set_aside_make_the_sum_exceed_the_total() {
            SliceReading reading = start(SECOND);
            answer(reading, 6);
            answer(reading, 6, "4");
            answer(reading, 6, List.of("0", "1", "2"), List.of("bad", "worse"));
            answer(reading, 6, "3");

            answer(reading, 6);
            answer(reading, 6);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void ignores_records_that_were_set_aside_before_the_total_changed() {
            SliceReading reading = start(DAYS);
            answer(reading, 6, List.of("0", "1", "2", "3"), List.of("bad"));
            answer(reading, 7, "5", "6");

            answer(reading, 6);
            answer(reading, 6);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void counts_a_record_once_even_when_it_is_set_aside_twice() {
            SliceReading reading = start(DAYS);
            answer(reading, 6, List.of("0", "1", "2", "3"), List.of("bad"));

            assertThat(answer(reading, 6, List.of(), List.of("bad"))).isTrue();

            assertThat(reading.outcome()).isNull();
        }

        @ParameterizedTest
        @ValueSource(booleans = {true, false})
        void of_one_page_that_repeats_a_record_is_proved_by_the_second_reading(boolean isSetAside) {
            SliceReading reading = start(DAYS);
            List<String> ids = isSetAside ? List.of("0", "1", "2") : List.of("0", "1", "2", "3", "3");
            List<String> setAside = isSetAside ? List.of("bad", "bad") : List.of();
            while (answer(reading, 5, ids, setAside)) {
                assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            }

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(5));
        }

        @Test
        void of_one_page_is_not_split_by_facets() {
            SliceReading reading = start(SECOND);
            List<String> repeated = List.of("0", "1", "2", "3", "3");
            Map<String, Map<String, Integer>> facets = facet("typeContrat", "A", 2, "B", 3);
            assertThat(answer(reading, 5, repeated, List.of(), facets)).isTrue();

            assertThat(answer(reading, 5, repeated, List.of(), facets)).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(5));
        }

        @Test
        void of_several_pages_that_repeats_a_record_is_split_until_it_has_one_page() {
            SliceReading reading = start(DAYS);
            List<String> repeated = List.of("0", "1", "2", "3", "3");
            answer(reading, 6, repeated, List.of());
            assertThat(answer(reading, 6, "4")).isTrue();
            answer(reading, 6, repeated, List.of());

            assertThat(answer(reading, 6, "4")).isFalse();
            assertThat(reading.outcome()).isInstanceOf(Outcome.Split.class);
        }

        @Test
        void of_one_second_without_facets_that_repeats_a_record_is_proved_by_the_second_reading() {
            SliceReading reading = start(SECOND);
            List<String> repeated = List.of("0", "1", "2", "3", "3");
            answer(reading, 6, repeated, List.of());
            assertThat(answer(reading, 6, "4")).isTrue();
            answer(reading, 6, repeated, List.of());

            assertThat(answer(reading, 6, "4")).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
        }

        @Test
        void of_one_second_is_not_proved_by_a_record_that_only_an_earlier_reading_repeated() {
            SliceReading reading = start(SECOND);
            answer(reading, 6, List.of("0", "1", "2", "3", "3"), List.of());
            answer(reading, 6, "4");
            answer(reading, 6, "0", "1", "2", "3", "4");

            assertThat(answer(reading, 6, "4")).isTrue();
        }

        @Test
        void is_proved_when_three_readings_set_the_same_records_aside() {
            SliceReading reading = start(DAYS);
            for (int i = 0; i < 2; i++) {
                answer(reading, 6, List.of("0", "1", "2"), List.of("bad", "worse"));
                assertThat(answer(reading, 6, "4")).isTrue();
            }
            answer(reading, 6, List.of("0", "1", "2"), List.of("bad", "worse"));

            assertThat(answer(reading, 6, "4")).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(6));
            assertThat(reading.setAside()).containsExactlyInAnyOrder("bad", "worse");
        }

        @Test
        void is_proved_at_once_when_a_record_that_was_set_aside_turns_out_to_be_usable() {
            SliceReading reading = start(DAYS);
            assertThat(answer(reading, 2, List.of("0"), List.of("bad"))).isTrue();

            assertThat(answer(reading, 2)).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(2));
            assertThat(reading.setAside()).isEmpty();
            assertThat(reading.hasSetAside()).as("also in the first reading").isTrue();
        }

        @Test
        void has_set_nothing_aside_when_all_records_are_usable() {
            SliceReading reading = start(DAYS);
            answer(reading, 2);

            assertThat(reading.hasSetAside()).isFalse();
        }

        @Test
        void is_not_proved_when_its_readings_set_different_records_aside() {
            SliceReading reading = start(DAYS);
            for (int i = 1; i < 10; i++) {
                assertThat(answer(reading, 2, List.of("0"), List.of("bad" + i))).isTrue();
            }

            assertThat(answer(reading, 2, List.of("0"), List.of("bad10"))).isFalse();
            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Unproved("the readings of this slice set different records aside"));
        }

        @Test
        void of_one_second_without_facets_is_attempted_sixty_times() {
            SliceReading reading = start(SECOND);
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
        void is_believed_the_tenth_time_when_the_slice_held_at_most_one_page(int expected) {
            SliceReading reading = start(slice(expected));

            assertThat(answersUntilEmpty(reading)).isEqualTo(10);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(0));
        }

        @Test
        void is_never_believed_when_the_slice_held_more_than_one_page() {
            SliceReading reading = start(slice(6));

            assertThat(answersUntilEmpty(reading)).isEqualTo(10);

            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Unproved("the source reports no offers where the previous sweep found 6"));
        }

        @Test
        void is_believed_the_tenth_time_when_no_earlier_sweep_proved_the_slice() {
            SliceReading reading = start(DAYS.piece(FROM, TO, 6, 0, List.of()));

            assertThat(answersUntilEmpty(reading)).isEqualTo(10);

            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(0));
        }

        @Test
        void is_counted_from_one_again_after_an_answer_with_offers() {
            SliceReading reading = start(slice(5));
            for (int i = 0; i < 9; i++) {
                answer(reading, 0);
            }
            answer(reading, 7);
            // The second page is answered as empty, so the slice is read again.
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
        void has_no_effect_when_the_next_answer_is_not_empty() {
            SliceReading reading = start(slice(6));

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
            SliceReading reading = start(slice(16));
            Instant last = MIDDLE.minusSeconds(4);

            assertThat(answer(reading, 16, dated("end", MIDDLE, last))).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 0));
            assertThat(reading.from()).isEqualTo(last.plusSeconds(1));
            assertThat(answer(reading, 11, dated("first", TO))).isFalse();
            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Split(List.of(
                            DAYS.piece(last.plusSeconds(1), TO, 11, 0, List.of("end0", "end1")),
                            DAYS.piece(FROM, last.plusSeconds(1), 5, 0, List.of()))));
        }

        @Test
        void is_counted_until_the_cut_is_settled() {
            SliceReading reading = start(slice(16));
            answer(reading, 16, dated("end", MIDDLE, MIDDLE.minusSeconds(4)));
            Instant first = reading.from();

            assertThat(answer(reading, 16, dated("first", TO))).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 0));
            assertThat(reading.from()).isAfter(first);
        }

        @Test
        void is_recognised_by_its_first_page() {
            SliceReading reading = start(DAYS);

            assertThat(answer(reading, 16)).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(10, 14));
        }

        @Test
        void is_read_page_by_page_when_it_fits_after_all() {
            SliceReading reading = start(slice(16));

            assertThat(answer(reading, 15)).isTrue();

            assertThat(reading.ranges()).containsExactly(new Range(0, 4));
            answer(reading, 15);
            answer(reading, 15);
            assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(15));
        }

        @Test
        void is_unproved_when_the_source_alternates_between_two_totals() {
            SliceReading reading = start(slice(16));
            answer(reading, 15);
            answer(reading, 16);

            assertThat(answer(reading, 15)).isFalse();

            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Unproved("the source reports contradictory totals for the same query"));
        }
    }

    @Nested
    class A_slice_that_keeps_changing {

        @Test
        void is_split_in_the_middle_after_two_readings_when_its_offers_have_no_dates() {
            SliceReading reading = start(DAYS);
            answer(reading, 6);
            assertThat(answer(reading, 7)).isTrue();
            answer(reading, 6);

            assertThat(answer(reading, 7)).isFalse();

            assertThat(reading.outcome()).isEqualTo(splitAt(MIDDLE));
        }

        @Test
        void is_split_at_the_median_of_its_dates() {
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
        void is_split_at_the_median_when_its_labels_are_hours_ahead(int hours) {
            Duration ahead = Duration.ofHours(hours);
            Instant half = FROM.plusSeconds(7_000);

            assertThat(split(FROM.plus(ahead), half.plus(ahead), TO.plus(ahead)))
                    .isEqualTo(splitAt(half));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 11})
        void is_split_at_the_median_when_its_labels_are_hours_behind(int hours) {
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
            SliceReading reading = start(DAYS);
            answer(
                    reading,
                    6,
                    dated("a", Collections.nCopies(5, TO.minusSeconds(9)).toArray(Instant[]::new)));
            answer(reading, 7);
            Instant half = FROM.plusSeconds(7_000);
            answer(reading, 6, dated("b", FROM.plusSeconds(1), half, TO.minusSeconds(1)));
            answer(reading, 7);

            assertThat(reading.outcome()).isEqualTo(splitAt(half));
        }

        @Test
        void is_split_by_facets_after_two_readings_when_it_is_one_second() {
            SliceReading reading = start(SECOND);
            Map<String, Map<String, Integer>> facets = facet("experience", "1", 3, "2", 3);
            answer(reading, 6, List.of("0", "1", "2", "3", "4"), List.of(), facets);
            assertThat(answer(reading, 6, "4")).isTrue();
            answer(reading, 6, List.of("0", "1", "2", "3", "4"), List.of(), facets);

            assertThat(answer(reading, 6, "4")).isFalse();

            assertThat(conditions(reading))
                    .containsExactlyInAnyOrder(tuple("experience=1&", 3), tuple("experience=2&", 3));
        }

        private Outcome split(Instant... dates) {
            SliceReading reading = start(DAYS);
            for (int i = 0; i < 2; i++) {
                answer(reading, 6, dated("a", dates));
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
        void is_always_divided_by_the_same_facet_when_two_are_equally_good() {
            assertThat(pieces(
                            SECOND,
                            Map.of(
                                    "natureContrat", Map.of("E1", 10, "E2", 10),
                                    "typeContrat", Map.of("CDI", 10, "CDD", 10))))
                    .containsExactlyInAnyOrder(tuple("typeContrat=CDI&", 10), tuple("typeContrat=CDD&", 10));
        }

        @Test
        void is_not_divided_by_a_facet_that_does_not_count_all_its_offers() {
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
        void has_no_piece_for_a_value_without_offers_and_url_encodes_the_values() {
            assertThat(pieces(SECOND, facet("typeContrat", "A&B", 19, "É", 1, "none", 0)))
                    .containsExactlyInAnyOrder(tuple("typeContrat=A%26B&", 19), tuple("typeContrat=%C3%89&", 1));
        }

        @Test
        void is_unproved_when_each_facet_has_one_value_only() {
            SliceReading reading = start(SECOND);

            assertThat(answer(reading, 16, List.of("0"), List.of(), facet("typeContrat", "CDI", 16)))
                    .isFalse();

            assertThat(reading.outcome())
                    .isEqualTo(new Outcome.Unproved(
                            "one second holds 16 offers, more than the source shows, and no facet" + " divides them"));
        }

        @Test
        void is_read_page_by_page_when_it_exactly_fills_the_window() {
            SliceReading reading = start(SECOND);

            answer(reading, 15);

            assertThat(reading.ranges()).containsExactly(new Range(5, 9), new Range(10, 14));
        }

        private static List<Tuple> pieces(Slice slice, Map<String, Map<String, Integer>> facets) {
            SliceReading reading = start(slice);
            assertThat(answer(reading, 20, List.of("0", "1", "2", "3", "4"), List.of(), facets))
                    .isFalse();
            return conditions(reading);
        }
    }

    @Nested
    class A_condition {

        @ParameterizedTest
        @CsvSource({"11, false", "12, true"})
        void is_reported_as_ignored_when_far_more_offers_match_than_expected(int total, boolean ignored) {
            SliceReading reading = start(DAYS.pieceWhere("typeContrat=CDI&", 3));

            answer(reading, total);

            assertThat(reading.outcome())
                    .isEqualTo(
                            ignored
                                    ? new Outcome.Unproved("the source seems to ignore the condition typeContrat=CDI&")
                                    : null);
        }

        @Test
        void is_not_reported_as_ignored_when_no_number_is_expected() {
            SliceReading reading = start(DAYS.pieceWhere("typeContrat=CDI&", 3).piece(FROM, TO));

            answer(reading, 12);

            assertThat(reading.outcome()).isNull();
        }

        @Test
        void is_not_reported_as_ignored_when_the_slice_has_none() {
            SliceReading reading = start(slice(3));

            answer(reading, 12);

            assertThat(reading.outcome()).isNull();
        }

        @Test
        void on_dates_is_reported_as_ignored_when_most_offers_lie_over_a_day_outside() {
            Instant tooOld = FROM.minus(Duration.ofDays(1)).minusSeconds(1);
            Instant tooNew = TO.plus(Duration.ofDays(1)).plusSeconds(1);

            assertThat(outcome(tooOld, tooNew, MIDDLE)).isInstanceOf(Outcome.Unproved.class);
            assertThat(outcome(tooOld, MIDDLE)).as("half of them outside").isInstanceOf(Outcome.Proved.class);
            assertThat(outcome(tooOld.plusSeconds(1), tooNew.minusSeconds(1)))
                    .as("exactly a day outside")
                    .isInstanceOf(Outcome.Proved.class);
            assertThat(outcome(null, null, null)).as("without dates").isInstanceOf(Outcome.Proved.class);
        }

        private static Outcome outcome(Instant... dates) {
            SliceReading reading = start(DAYS);
            answer(reading, dates.length, dated("a", dates));
            return reading.outcome();
        }
    }

    @Nested
    class A_failure {

        @Test
        void ends_the_reading() {
            SliceReading reading = start(DAYS);

            reading.recordFailure(new SourceException.Unavailable("nobody there"));

            assertThat(decide(reading)).isFalse();
            assertThat(reading.outcome()).isEqualTo(new Outcome.Unread("nobody there"));
        }

        @Test
        void is_reported_instead_of_later_ones() {
            SliceReading reading = start(DAYS);

            reading.recordFailure(new SourceException.Unavailable("first"));
            reading.recordFailure(new SourceException.Unavailable("second"));
            answer(reading, 1, dated("elsewhere", FROM.minus(Duration.ofDays(9))));

            assertThat(reading.outcome()).isEqualTo(new Outcome.Unread("first"));
        }

        @Test
        void of_the_database_that_is_transient_restarts_the_reading() {
            SliceReading reading = start(DAYS);
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
        void of_the_database_that_is_transient_ends_the_reading_the_fifth_time() {
            SliceReading reading = start(DAYS);
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

    private static SliceReading start(Slice slice) {
        return reading(slice, WINDOW);
    }

    /** Lets the reading decide. Returns true when there is more to read. */
    private static boolean decide(SliceReading reading) {
        reading.decide();
        return reading.isOpen();
    }

    /** Answers all requested ranges like a source with the offers 0, 1, 2 and so on, then lets the reading decide. */
    private static boolean answer(SliceReading reading, int total) {
        reading.ranges().forEach(range -> reading.recordPage(page(range, total)));
        return decide(reading);
    }

    private static boolean answer(SliceReading reading, int total, String... ids) {
        return answer(reading, total, List.of(ids), List.of());
    }

    private static boolean answer(SliceReading reading, int total, List<String> ids, List<String> setAside) {
        return answer(reading, total, ids, setAside, Map.of());
    }

    private static boolean answer(
            SliceReading reading,
            int total,
            List<String> ids,
            List<String> setAside,
            Map<String, Map<String, Integer>> facets) {
        reading.recordPage(new Page(
                0,
                total,
                ids.stream().map(id -> offer(id, null)).toList(),
                setAside.stream()
                        .map(hash -> new SetAside("bad", hash, Set.of()))
                        .toList(),
                facets));
        return decide(reading);
    }

    private static boolean answer(SliceReading reading, int total, List<ReceivedOffer> offers) {
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
