package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.offer.Offer;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.Test;

/** Integration tests of the hook {@code relais-transform-offer}. */
class TransformIT {

    @Test
    void the_hook_is_called_for_created_and_updated_offers_only() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            Map<String, Integer> called = new HashMap<>();
            AdviceWith.adviceWith(mirror.camel(), "relais-transform-offer", route -> route.weaveAddFirst()
                    .process(exchange -> {
                        Offer offer = exchange.getMessage().getBody(Offer.class);
                        synchronized (called) {
                            called.merge(offer.id() + (offer.isNew() ? " created" : " updated"), 1, Integer::sum);
                        }
                    }));
            plant(source, "A1", "{\"id\":\"A1\"}");
            plant(source, "A2", "{\"id\":\"A2\"}");
            mirror.sweep();
            plant(source, "A1", "{\"id\":\"A1\",\"nombrePostes\":2}");
            mirror.sweep();

            assertThat(called)
                    .containsOnly(Map.entry("A1 created", 1), Map.entry("A2 created", 1), Map.entry("A1 updated", 1));
        }
    }

    @Test
    void a_failure_rolls_back_the_page_and_is_reported_without_content_of_the_offer() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            AdviceWith.adviceWith(mirror.camel(), "relais-transform-offer", route -> route.weaveAddFirst()
                    .process(exchange -> {
                        throw new IllegalStateException("secret", new SQLException("secret", "42S02", 1146));
                    }));
            plant(source, "A1", "{\"id\":\"A1\"}");

            SweepSummary summary = mirror.sweep();

            assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
            assertThat(summary.reason())
                    .startsWith("relais-transform-offer failed: ")
                    .endsWith("IllegalStateException, caused by SQLException (error 1146, state 42S02)")
                    .doesNotContain("secret");
            assertThat(mirror.offers()).isEmpty();
        }
    }

    private static void plant(SourceSimulator source, String id, String json) {
        source.base().putRaw(id, Instant.now().minusSeconds(60), "1", json.getBytes(UTF_8));
    }
}
