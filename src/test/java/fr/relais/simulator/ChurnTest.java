package fr.relais.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Tests that a churn does what it reports, and that searches stay consistent meanwhile. */
class ChurnTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private final OfferGenerator generator = new OfferGenerator(7);
    private final SimulatedBase base = new SimulatedBase(new SettableClock(NOW), Duration.ZERO);

    @Test
    void a_churn_records_its_changes_until_it_is_closed() {
        generator.fill(base, 200, NOW, Duration.ofDays(30), "1");
        Map<String, byte[]> before = base.snapshot();

        Churn churn = Churn.start(base, generator, 2000, 3);
        await().until(() -> churn.created().size() > 20
                && churn.changed().size() > 20
                && churn.removed().size() > 20);
        churn.close();

        Set<String> expected = new HashSet<>(before.keySet());
        expected.addAll(churn.created().keySet());
        expected.removeAll(churn.removed().keySet());
        Map<String, byte[]> after = base.snapshot();
        assertThat(after.keySet()).isEqualTo(expected);
        assertThat(churn.created().values()).containsOnly(NOW);
        before.keySet().retainAll(expected);
        assertThat(before.keySet()).allSatisfy(id -> assertThat(Arrays.equals(before.get(id), after.get(id)))
                .isEqualTo(!churn.changed().containsKey(id)));
    }

    @Test
    void every_search_is_consistent_during_a_churn() {
        generator.fill(base, 1000, NOW, Duration.ofDays(30), "1");
        SearchCriteria all = SearchCriteria.parse(Map.of("sort", "1"), SimulatorOptions.defaults());

        try (Churn churn = Churn.start(base, generator, 5000, 3)) {
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                assertConsistent(base.select(all));
                return churn.removed().size() > 100;
            });
        }
    }

    private static void assertConsistent(Selection selection) throws IOException {
        JsonNode values = new ObjectMapper().readTree(selection.facets()).at("/0/agregation");
        int sum = StreamSupport.stream(values.spliterator(), false)
                .mapToInt(value -> value.get("nbResultats").asInt())
                .sum();
        assertThat(selection.offers()).hasSize(sum).doesNotHaveDuplicates();
    }
}
