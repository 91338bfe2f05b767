package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.licence.Inactivity;
import fr.relais.seal.Seal;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Integration test of the end of the licence after 12 months without a call. */
class LicenceEndIT {

    private final SettableClock clock =
            new SettableClock(Instant.now().minus(Duration.ofDays(400)).truncatedTo(ChronoUnit.SECONDS));
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        new OfferGenerator(1).fill(source.base(), 5, clock.instant(), Duration.ofDays(5), "1");
        mirror = Mirror.of(source).start(clock);
        mirror.sweep();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void the_mirror_is_sealed_after_12_months_and_only_a_person_opens_it() throws Exception {
        Instant end = new Inactivity(mirror.relais().freshness().read().updatedAt()).licenceEnd();
        clock.advance(Duration.between(clock.instant(), end));
        check();
        assertThat(mirror.relais().seal().status()).isEmpty();

        clock.advance(Duration.ofMillis(1));
        check();

        assertThat(mirror.relais().seal().status())
                .hasValueSatisfying(seal -> assertThat(seal.since()).isEqualTo(clock.instant()));
        assertThat(mirror.relais().freshness().read().state()).isEqualTo(Freshness.State.WITHDRAWN);
        mirror.start(clock);
        int calls = source.callTimes().size();
        assertThatThrownBy(mirror::sweep).isInstanceOf(CamelExecutionException.class);
        assertThat(source.callTimes()).hasSize(calls);

        mirror.relais().seal().open("anna");
        check();
        assertThat(mirror.relais().seal().status()).isEmpty();
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
    }

    @Test
    void a_start_after_12_months_of_silence_makes_no_call() throws Exception {
        mirror.stop();
        clock.advance(Duration.ofDays(400));
        int calls = source.callTimes().size();

        mirror.start(clock);

        assertThatThrownBy(mirror::sweep).isInstanceOf(CamelExecutionException.class);
        assertThat(source.callTimes()).hasSize(calls);
    }

    @Test
    void a_clock_that_is_wrong_by_years_does_not_seal_the_mirror() throws Exception {
        clock.advance(Duration.ofDays(300));
        mirror.sweep();

        clock.advance(Duration.ofDays(2000));
        check();

        assertThat(mirror.relais().seal().status()).isEmpty();
    }

    @Test
    void a_sealed_mirror_is_wiped_only_if_a_setting_says_when() throws Exception {
        seal();
        clock.advance(Duration.ofDays(30));
        wipe();
        assertThat(mirror.offers()).hasSize(5);

        mirror.with("relais.licence.wipe-after", "30d").start(clock);
        clock.advance(Duration.ofMillis(-1));
        wipe();
        assertThat(mirror.offers()).hasSize(5);

        clock.advance(Duration.ofMillis(1));
        wipe();
        assertThat(mirror.offers()).isEmpty();
        assertThat(mirror.relais().seal().status())
                .hasValueSatisfying(seal -> assertThat(seal.state()).isEqualTo(Seal.State.WIPED));
        wipe();
        List<String> entries = new ArrayList<>();
        mirror.relais().ledger().read(entry -> {
            if (entry.content().orElseThrow().kind().equals("wipe")) {
                entries.add(entry.data().path("event").asText() + " "
                        + entry.data().path("by").asText());
            }
        });
        assertThat(entries).containsExactly("begun relais.licence.wipe-after", "finished ");
    }

    @Test
    void a_mirror_that_was_opened_again_and_a_wrong_clock_do_not_wipe() throws Exception {
        mirror.with("relais.licence.wipe-after", "30d").start(clock);
        clock.advance(Duration.ofDays(360));
        seal();
        mirror.relais().seal().open("anna");
        clock.advance(Duration.ofDays(35));
        seal();
        wipe();
        clock.advance(Duration.ofDays(4000));
        wipe();

        assertThat(mirror.offers()).hasSize(5);
    }

    private void seal() {
        mirror.relais().seal().seal("the licence has ended", "anna");
    }

    private void wipe() {
        mirror.camel().createProducerTemplate().sendBody("direct:relais-wipe-after-seal", null);
    }

    private void check() {
        mirror.camel().createProducerTemplate().sendBody("direct:relais-seal-after-licence", null);
    }
}
