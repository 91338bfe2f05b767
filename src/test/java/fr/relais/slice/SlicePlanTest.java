package fr.relais.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlicePlanTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00.987Z");
    private static final Instant PLAN_END = Instant.parse("2026-03-11T12:00:00Z");
    private static final Instant PREVIOUS_PLAN_END = PLAN_END.minus(Duration.ofHours(4));

    @Test
    void a_plan_is_one_slice_of_unknown_size_when_nothing_was_proved() {
        assertThat(SlicePlan.of("2", List.of(), NOW, 3150))
                .containsExactly(Slice.planned("2", SlicePlan.EARLIEST, PLAN_END, null));
    }

    @Test
    void a_plan_is_one_slice_of_unknown_size_when_one_slice_was_proved() {
        assertThat(SlicePlan.of("1", proved(List.of(200)), NOW, 3150))
                .containsExactly(Slice.planned("1", SlicePlan.EARLIEST, PLAN_END, null));
    }

    @Test
    void the_newest_slice_stays_alone_and_the_others_are_merged_up_to_the_window() {
        List<Slice> proved = proved(List.of(10, 40, 60, 1, 0, 250, 30, 30, 30));

        List<Slice> plan = SlicePlan.of("1", proved, NOW, 100);

        assertThat(plan)
                .extracting(Slice::from, Slice::to, Slice::expected)
                .containsExactly(
                        tuple(proved.get(0).from(), PLAN_END, null),
                        tuple(proved.get(2).from(), proved.get(1).to(), 100),
                        tuple(proved.get(4).from(), proved.get(3).to(), 1),
                        tuple(proved.get(5).from(), proved.get(5).to(), 250),
                        tuple(SlicePlan.EARLIEST, proved.get(6).to(), 90));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void a_plan_covers_all_time_without_gap_or_overlap(
            @ForAll("histories") List<Slice> proved, @ForAll @IntRange(min = 1, max = 5000) int window) {
        List<Slice> plan = SlicePlan.of("1", proved, NOW, window);

        assertThat(plan.get(0).to()).isEqualTo(PLAN_END);
        assertThat(plan.get(plan.size() - 1).from()).isEqualTo(SlicePlan.EARLIEST);
        for (int i = 1; i < plan.size(); i++) {
            assertThat(plan.get(i).to()).isEqualTo(plan.get(i - 1).from());
        }
        assertThat(plan).allSatisfy(slice -> {
            assertThat(slice.from()).isBefore(slice.to());
            assertThat(slice).isEqualTo(Slice.planned("1", slice.from(), slice.to(), slice.expected()));
        });
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void a_plan_expects_the_proved_totals_and_merges_all_slices_that_fit(
            @ForAll("histories") List<Slice> proved, @ForAll @IntRange(min = 1, max = 5000) int window) {
        List<Slice> plan = SlicePlan.of("1", proved, NOW, window);

        assertThat(plan.get(0).expected()).isNull();
        List<Slice> older = plan.subList(1, plan.size());
        assertThat(older.stream().mapToInt(Slice::expected).sum())
                .isEqualTo(proved.stream().skip(1).mapToInt(Slice::expected).sum());
        assertThat(older)
                .allMatch(slice -> slice.expected() <= window
                        || proved.stream()
                                .anyMatch(one -> one.to().equals(slice.to())
                                        && one.expected().equals(slice.expected())));
        for (int i = 1; i < older.size(); i++) {
            assertThat(older.get(i - 1).expected() + older.get(i).expected()).isGreaterThan(window);
        }
        assertThat(bounds(proved)).containsAll(bounds(older));
    }

    @Provide
    Arbitrary<List<Slice>> histories() {
        Arbitrary<Integer> sizes = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.integers().between(0, 3150)),
                Tuple.of(1, Arbitraries.integers().between(3151, 20_000)));
        return Combinators.combine(
                        sizes.list().ofMinSize(1).ofMaxSize(30),
                        Arbitraries.integers().between(1, 90_000))
                .as(SlicePlanTest::proved);
    }

    private static List<Slice> proved(List<Integer> sizes) {
        return proved(sizes, 3_600);
    }

    /**
     * Returns slices that a sweep proved four hours ago, newest first.
     *
     * @param sizes the number of offers in each slice
     * @param seconds the length of all slices but the oldest
     */
    private static List<Slice> proved(List<Integer> sizes, int seconds) {
        List<Slice> slices = new ArrayList<>();
        Instant to = PREVIOUS_PLAN_END;
        for (int i = 0; i < sizes.size(); i++) {
            Instant from = i == sizes.size() - 1 ? SlicePlan.EARLIEST : to.minusSeconds(seconds);
            slices.add(Slice.planned("1", from, to, sizes.get(i)));
            to = from;
        }
        return slices;
    }

    private static List<Instant> bounds(List<Slice> slices) {
        return slices.stream()
                .flatMap(slice -> Stream.of(slice.from(), slice.to()))
                .toList();
    }
}
