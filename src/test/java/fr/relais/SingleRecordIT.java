package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Three days of sweeps, six a day, of a source that has a lasting fault with a single record. The mirror stays fresh,
 * and equals the source except for that record. {@code -Dtests.days=7} sets another number of days.
 */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class SingleRecordIT {

    private static final int SWEEPS = 6 * Integer.getInteger("tests.days", 3);
    private static final String PLAIN_OFFER = "{\"id\":\"%s\",\"origineOffre\":{\"origine\":\"1\"}}";

    private final SettableClock clock = new SettableClock(Instant.now());
    private final Random random = new Random(15);
    private final OfferGenerator generator = new OfferGenerator(15);
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        generator.fill(source.base(), 300, clock.instant(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source)
                .with("relais.source.page-size", "20")
                .with("relais.source.window", "100")
                .with("relais.source.retry-delay", "1")
                .start(clock);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void offers_are_removed_when_the_source_answers_404_for_every_absent_id() {
        answerDetails(id -> !source.base().contains(id), 404);

        int removed = live(Map.of());

        assertThat(removed).isEqualTo(5 * (SWEEPS - 1));
    }

    @Test
    void offers_are_removed_although_an_id_occurs_twice_on_a_page() {
        Instant created = clock.instant().minus(Duration.ofDays(10));
        String twice = PLAIN_OFFER.formatted("TWICE01");
        source.base().putRaw("TWICE01", created, "1", twice.getBytes(UTF_8));
        source.base().putRaw("TWICE02", created, "1", twice.getBytes(UTF_8));

        int removed = live(Map.of("TWICE02", ""));

        assertThat(removed).isEqualTo(5 * (SWEEPS - 1));
    }

    @Test
    void offers_are_removed_although_a_record_cannot_be_mirrored() {
        source.base().putRaw("BADID01", clock.instant().minus(Duration.ofDays(10)), "1", "{\"id\":7}".getBytes(UTF_8));

        int removed = live(Map.of("BADID01", ""));

        assertThat(removed).isEqualTo(5 * (SWEEPS - 1));
    }

    @Test
    void an_offer_whose_record_is_no_longer_usable_stays_undecided() {
        Instant created = clock.instant().minus(Duration.ofDays(10));
        String usable = PLAIN_OFFER.formatted("ONCEOK1");
        source.base().putRaw("ONCEOK1", created, "1", usable.getBytes(UTF_8));
        mirror.sweep();
        source.base().putRaw("ONCEOK1", created, "1", "{\"id\":null}".getBytes(UTF_8));

        live(Map.of("ONCEOK1", usable));

        assertThat(mirror.relais().sweeps().undecided()).isPresent();
    }

    @Test
    void an_offer_for_which_the_source_always_fails_stays_undecided() {
        mirror.sweep();
        String failing = mirror.offers().keySet().iterator().next();
        String content = mirror.offers().get(failing);
        source.base().remove(failing);
        answerDetails(failing::equals, 500);

        live(Map.of(failing, content));

        assertThat(mirror.relais().sweeps().undecided().orElseThrow().count()).isEqualTo(1);
    }

    /** Lets the source answer requests for single offers with these ids with a status. */
    private void answerDetails(Predicate<String> ids, int status) {
        source.onCall((exchange, call) -> {
            boolean isAnswered = call.kind() == Call.Kind.DETAIL && ids.test(call.id());
            if (isAnswered) {
                Answer.empty(status).sendTo(exchange);
            }
            return isAnswered;
        });
    }

    /**
     * Sweeps while the source changes.
     *
     * @param exceptions the offers for which the mirror differs from the source: the mirror's content by id, empty when
     *     the mirror does not have the offer
     * @return the number of offers that were removed
     */
    private int live(Map<String, String> exceptions) {
        int removed = 0;
        for (int i = 0; i < SWEEPS; i++) {
            SweepSummary summary = mirror.sweep();

            removed += summary.removed();
            assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
            assertThat(mirror.relais().freshness().read().state()).isEqualTo(Freshness.State.FRESH);
            Map<String, String> expected = Mirror.offers(source, "1");
            exceptions.forEach((id, content) -> {
                expected.remove(id);
                if (!content.isEmpty()) {
                    expected.put(id, content);
                }
            });
            assertThat(mirror.offers()).as(summary.toString()).isEqualTo(expected);
            change();
            clock.advance(Duration.ofHours(4));
        }
        return removed;
    }

    private void change() {
        List<String> ids = new ArrayList<>(Mirror.offers(source, "1").keySet());
        ids.removeIf(id -> Mirror.offers(source).get(id).length() < 100);
        for (int i = 0; i < 5; i++) {
            source.base().remove(ids.remove(random.nextInt(ids.size())));
            source.base().put(generator.offer(clock.instant(), "1"));
            source.base().change(ids.get(random.nextInt(ids.size())), generator::change);
        }
    }
}
