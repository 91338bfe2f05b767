package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.views.View;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.Test;

class CountersIT {

    @Test
    void a_process_counts_what_it_does() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source)
                        .with("relais.events.uri", "mock:events")
                        .with("relais.events.initial", "true")
                        .with("relais.source.calls-per-second", "50")
                        .start()) {
            new OfferGenerator(1).fill(source.base(), 30, Instant.now(), Duration.ofDays(5), "1");
            Counters counters = mirror.relais().counters();

            mirror.sweep();
            mirror.deliverEvents();
            View view = new View(mirror.offers().keySet().iterator().next(), Instant.now(), "key", null);
            mirror.relais().views().count(List.of(view));
            mirror.relais().views().count(List.of(view));
            assertThatThrownBy(() -> mirror.camel().createProducerTemplate().sendBody("direct:relais-take-views", "{}"))
                    .isInstanceOf(CamelExecutionException.class);
            source.onCall((exchange, call) -> {
                boolean refused = call.kind() == Call.Kind.SEARCH;
                if (refused) {
                    Answer.empty(400).sendTo(exchange);
                }
                return refused;
            });
            mirror.sweep();

            // The first call is for the token.
            assertThat(counters.calls("200") + counters.calls("206")).isEqualTo(1 + source.searches() - 1);
            assertThat(counters.calls("400")).isEqualTo(1);
            assertThat(counters.throttled()).isPositive();
            assertThat(counters.sweeps(SweepState.PROVED).count()).isEqualTo(1);
            assertThat(counters.sweeps(SweepState.PROVED).duration()).isPositive();
            assertThat(counters.sweeps(SweepState.INCOMPLETE).count()).isEqualTo(1);
            assertThat(counters.deliveredEvents()).isEqualTo(30);
            assertThat(mirror.relais().views().counted()).isEqualTo(1);
            assertThat(mirror.relais().views().repeated()).isEqualTo(1);
            assertThat(mirror.relais().views().rejected()).isEqualTo(1);
            assertThat(counters.pipelineCommits().commits()).isPositive();
            assertThat(counters.pipelineCommits().total()).isPositive();
            assertThat(counters.webCommits().commits()).isPositive();
        }
    }
}
