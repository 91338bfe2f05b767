package fr.relais.slice;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.source.Page;
import fr.relais.source.Range;
import fr.relais.source.ReceivedOffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;

/** Tests that read slices of an in-memory source, with pages of 5 offers and a window of 15, until none is left. */
class SliceReadingTest {

    private static final int PAGE = 5;
    private static final int WINDOW = 15;
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final Map<String, Instant> base = new TreeMap<>();
    private Duration labelOffset = Duration.ZERO;
    private boolean shuffled;
    private boolean facets = true;
    private Runnable betweenCalls = () -> {};
    private int calls;
    private final Set<String> seen = new HashSet<>();
    private final List<String> unproved = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 5, 6, 14, 15, 16, 150})
    void a_base_of_any_size_is_read_completely(int size) {
        fill(size, 3_600);

        read();

        assertThat(unproved).isEmpty();
        assertThat(seen).isEqualTo(base.keySet());
        assertThat(calls).isLessThanOrEqualTo(size == 0 ? 10 : (size + PAGE - 1) / PAGE * 5 / 4 + 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {-4, -2, -1, 1, 2, 4})
    void labels_in_another_time_zone_lose_no_offer_and_cost_few_calls(int hours) {
        labelOffset = Duration.ofHours(hours);
        fill(300, 60);

        read();

        assertThat(unproved).isEmpty();
        assertThat(seen).isEqualTo(base.keySet());
        assertThat(calls).isLessThan(60 * 2);
    }

    @Test
    void one_second_that_exceeds_the_window_is_divided_by_facets() {
        shuffled = true;
        for (int i = 0; i < 40; i++) {
            base.put("same" + i, NOW.minusSeconds(500));
        }
        fill(20, 3_600);

        read();

        assertThat(unproved).isEmpty();
        assertThat(seen).isEqualTo(base.keySet());
    }

    @Test
    void one_second_that_no_facet_divides_is_unproved() {
        facets = false;
        for (int i = 0; i < 40; i++) {
            base.put("same" + i, NOW.minusSeconds(500));
        }

        read();

        assertThat(unproved).isNotEmpty().allSatisfy(reason -> assertThat(reason)
                .contains("one second holds 40 offers"));
    }

    @Test
    void one_second_whose_order_changes_is_read_until_its_pages_add_up() {
        facets = false;
        shuffled = true;
        for (int i = 0; i < 12; i++) {
            base.put("same" + i, NOW.minusSeconds(500));
        }

        read();

        assertThat(unproved).isEmpty();
        assertThat(seen).isEqualTo(base.keySet());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void offers_that_exist_all_the_time_are_seen_while_others_change(long seed) {
        Random random = new Random(seed);
        fill(120, 600);
        Set<String> always = new HashSet<>(base.keySet());
        betweenCalls = () -> {
            if (calls < 200 && calls % 2 == 0) {
                List<String> ids = new ArrayList<>(base.keySet());
                String gone = ids.get(random.nextInt(ids.size()));
                base.remove(gone);
                always.remove(gone);
                base.put("new" + calls, NOW.plusSeconds(calls));
            }
        };

        read();

        assertThat(unproved).isEmpty();
        assertThat(seen).containsAll(always);
    }

    @Test
    void a_slice_that_held_many_offers_is_not_believed_to_be_empty() {
        SliceReading reading = reading(Slice.planned("1", SlicePlan.EARLIEST, NOW, 12));
        int answers = 0;
        while (reading.isOpen()) {
            answers++;
            reading.recordPage(page(reading, reading.ranges().get(0)));
            reading.decide();
        }

        assertThat(answers).isEqualTo(10);
        assertThat(reading.outcome()).isInstanceOf(Outcome.Unproved.class);
    }

    @Test
    void a_date_filter_that_the_source_ignores_is_detected() {
        fill(10, 86_400);
        SliceReading reading =
                reading(Slice.planned("1", NOW.minusSeconds(999_999_999), NOW.minusSeconds(99_999_999), null));
        Instant from = NOW.minusSeconds(9_999_999);
        reading.recordPage(new Page(0, 10, offers(from, NOW, 0, 5), List.of(), Map.of()));

        reading.decide();
        assertThat(((Outcome.Unproved) reading.outcome()).reason()).contains("minCreationDate");
    }

    @Test
    void a_slice_is_read_again_after_a_few_deadlocks() {
        fill(3, 600);
        SliceReading reading = reading(Slice.planned("1", SlicePlan.EARLIEST, NOW, null));
        for (int i = 0; i < 4; i++) {
            reading.recordFailure(new IllegalStateException(new CannotAcquireLockException("deadlock")));
            reading.decide();
            assertThat(reading.isOpen()).isTrue();
        }
        reading.recordPage(page(reading, reading.ranges().get(0)));
        reading.decide();
        assertThat(reading.outcome()).isEqualTo(new Outcome.Proved(3));
    }

    private void fill(int offers, int secondsApart) {
        for (int i = 0; i < offers; i++) {
            base.put("id" + i, NOW.minusSeconds((long) i * secondsApart));
        }
    }

    /** Reads slice after slice, as the routes do. */
    private void read() {
        Deque<Slice> planned = new ArrayDeque<>(SlicePlan.of("1", List.of(), NOW, WINDOW));
        while (!planned.isEmpty()) {
            SliceReading reading = reading(planned.poll());
            while (reading.isOpen()) {
                assertThat(reading.ranges()).as("ranges of an open reading").isNotEmpty();
                for (Range range : reading.ranges()) {
                    Page page = page(reading, range);
                    page.offers().forEach(offer -> seen.add(offer.id()));
                    reading.recordPage(page);
                }
                reading.decide();
            }
            if (reading.outcome() instanceof Outcome.Split split) {
                split.pieces().forEach(planned::push);
            } else if (reading.outcome() instanceof Outcome.Unproved reason) {
                unproved.add(reason.reason());
            }
        }
    }

    private static SliceReading reading(Slice slice) {
        return new SliceReading(slice, 1, PAGE, WINDOW);
    }

    private Page page(SliceReading reading, Range range) {
        assertThat(++calls).as("calls").isLessThan(2_000);
        betweenCalls.run();
        Slice slice = reading.slice();
        List<String> matching = new ArrayList<>();
        base.forEach((id, created) -> {
            boolean inFacets = slice.facets().isEmpty() || slice.facets().equals("typeContrat=" + contract(id) + "&");
            if (inFacets && !created.isBefore(reading.from()) && !created.isAfter(slice.to())) {
                matching.add(id);
            }
        });
        if (shuffled) {
            Collections.shuffle(matching, new Random(calls));
        }
        matching.sort(Comparator.comparing(base::get).reversed());
        int last = Math.min(matching.size(), range.last() + 1);
        if (range.first() >= last) {
            return new Page(0, 0, List.of(), List.of(), Map.of());
        }
        Map<String, Integer> counts = new HashMap<>();
        matching.forEach(id -> counts.merge(contract(id), 1, Integer::sum));
        List<ReceivedOffer> offers = matching.subList(range.first(), last).stream()
                .map(id -> offer(id, base.get(id)))
                .toList();
        return new Page(
                range.first(), matching.size(), offers, List.of(), facets ? Map.of("typeContrat", counts) : Map.of());
    }

    private List<ReceivedOffer> offers(Instant from, Instant to, int first, int count) {
        return base.entrySet().stream()
                .filter(offer ->
                        !offer.getValue().isBefore(from) && !offer.getValue().isAfter(to))
                .skip(first)
                .limit(count)
                .map(offer -> offer(offer.getKey(), offer.getValue()))
                .toList();
    }

    private ReceivedOffer offer(String id, Instant created) {
        return new ReceivedOffer(id, created.plus(labelOffset), new byte[0], 0, 0);
    }

    private static String contract(String id) {
        return "C" + Math.floorMod(id.hashCode(), 10);
    }
}
