package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Churn;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SkippedOffers;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Integration tests of {@code 20-slice.camel.yaml}. */
@Tag("long")
class SliceIT {

    private static final Instant NOW = Instant.now();

    @Test
    void a_base_larger_than_the_window_is_read_with_few_more_calls_than_it_has_pages() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults(), 9_000);
                Mirror mirror = Mirror.of(source).start()) {
            assertProvedAndEqual(mirror, source, "1");
            assertThat(source.searches()).isLessThanOrEqualTo(60 + 5);

            source.resetCounters();
            assertProvedAndEqual(mirror, source, "1");
            assertThat(source.searches()).isLessThanOrEqualTo(60 + 3);
        }
    }

    @Test
    void wrong_time_zones_of_the_source_lose_no_offer() throws Exception {
        for (int hours : new int[] {-2, 2}) {
            SimulatorOptions shifted = SimulatorOptions.defaults()
                    .withDateShift(Duration.ofHours(2))
                    .withFilterShift(Duration.ofHours(hours));
            try (SourceSimulator source = filled(shifted, 7_000);
                    Mirror mirror = Mirror.of(source).start()) {
                assertProvedAndEqual(mirror, source, "1");
            }
        }
    }

    @Test
    void five_thousand_offers_of_one_second_are_all_read_even_in_changing_order() throws Exception {
        SimulatorOptions shuffled = SimulatorOptions.defaults().withShuffleTies(true);
        try (SourceSimulator source = filled(shuffled, 1_000);
                Mirror mirror = Mirror.of(source).start()) {
            OfferGenerator generator = new OfferGenerator(7);
            Instant second = NOW.minus(Duration.ofDays(10));
            for (int i = 0; i < 5_000; i++) {
                source.base().put(generator.offer(second, "1"));
            }
            assertProvedAndEqual(mirror, source, "1");
        }
    }

    @Test
    void both_origins_are_read_when_both_are_configured() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults(), 300);
                Mirror mirror =
                        Mirror.of(source).with("relais.source.origins", "1,2").start()) {
            new OfferGenerator(3).fill(source.base(), 200, NOW, Duration.ofDays(60), "2");
            assertProvedAndEqual(mirror, source, "1", "2");
        }
    }

    @Test
    void no_living_offer_is_lost_when_the_source_changes_during_a_sweep() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults().withLatency(Duration.ofMillis(20)), 5_000);
                Mirror mirror = Mirror.of(source).start()) {
            mirror.sweep();
            Set<String> lost = new TreeSet<>(mirror.offers().keySet());
            Set<String> removed;
            SkippedOffers skipped = new SkippedOffers(lost);
            source.onCall(skipped);
            try (Churn churn = Churn.start(source.base(), new OfferGenerator(9), 20, 9)) {
                for (int sweep = 0; sweep < 2 || (skipped.ids().isEmpty() && sweep < 20); sweep++) {
                    mirror.sweep();
                }
                lost.removeAll(mirror.offers().keySet());
                removed = churn.removed().keySet();
            }
            assertThat(removed).containsAll(lost);
            assertThat(skipped.ids())
                    .as("offers that removals moved between two pages, so that no page showed them")
                    .isNotEmpty();
            Set<String> living = new TreeSet<>(skipped.ids());
            living.retainAll(source.base().ids());
            assertThat(mirror.offers()).containsKeys(living.toArray(String[]::new));
            assertProvedAndEqual(mirror, source, "1");
        }
    }

    @Test
    void a_page_that_contradicts_its_headers_is_read_again() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults(), 500);
                Mirror mirror = Mirror.of(source).start()) {
            AtomicInteger lies = new AtomicInteger(2);
            source.onCall((exchange, call) -> {
                if (call.kind() == Call.Kind.SEARCH && lies.getAndDecrement() > 0) {
                    Answer.of(206, "application/json", "{\"resultats\":[]}")
                            .with("Content-Range", "offres 0-149/500")
                            .sendTo(exchange);
                    return true;
                }
                return false;
            });
            assertProvedAndEqual(mirror, source, "1");
        }
    }

    @Test
    void an_offer_created_after_the_end_of_the_window_was_read_hides_no_other_offer() throws Exception {
        try (SourceSimulator source = filled(SimulatorOptions.defaults(), 900);
                Mirror mirror =
                        Mirror.of(source).with("relais.source.window", "600").start()) {
            OfferGenerator generator = new OfferGenerator(8);
            AtomicInteger searches = new AtomicInteger();
            source.onCall((exchange, call) -> {
                // The first search reads the first page, and the second the end of the window.
                if (call.kind() == Call.Kind.SEARCH && searches.incrementAndGet() == 3) {
                    source.base().put(generator.offer(NOW.plusSeconds(1), "1"));
                }
                return false;
            });
            assertProvedAndEqual(mirror, source, "1");
        }
    }

    @Test
    void a_window_that_is_not_a_multiple_of_the_page_size_is_never_exceeded() throws Exception {
        for (int offers : new int[] {1_049, 1_050, 1_051, 1_149, 1_150, 1_151, 2_500}) {
            SimulatorOptions older = SimulatorOptions.defaults().withWindowCap(1_150);
            try (SourceSimulator source = filled(older, offers);
                    Mirror mirror = Mirror.of(source)
                            .with("relais.source.window", "1150")
                            .start()) {
                assertProvedAndEqual(mirror, source, "1");
            }
        }
    }

    private static SourceSimulator filled(SimulatorOptions options, int offers) throws Exception {
        SourceSimulator source = SourceSimulator.start(options);
        new OfferGenerator(1).fill(source.base(), offers, NOW, Duration.ofDays(60), "1");
        return source;
    }

    private static void assertProvedAndEqual(Mirror mirror, SourceSimulator source, String... origines) {
        SweepSummary summary = mirror.sweep();
        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(mirror.offers().equals(Mirror.offers(source, origines)))
                .as(summary.toString())
                .isTrue();
    }
}
