package fr.relais.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.Mirror;
import fr.relais.Relais;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The states of the duties of a running pipeline. */
class DutiesIT {

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-25T09:00:00Z"));
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 3, clock.instant(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void a_new_pipeline_keeps_what_needs_no_setting_and_another_profile_is_used_from_its_day_on() throws Exception {
        Path profile = Files.writeString(folder.resolve("mine.yaml"), """
                name: Autre licence
                effectiveOn: 2026-11-27
                clauses:
                  - id: logo
                    article: "8"
                    duty: Pas de logo.
                    mechanism: Rien.
                    settings: [relais.display.logo]
                    evidence: Les pages.
                    check: no-logo
                """);
        mirror.with("relais.licence.profile", profile.toString()).start(clock);

        assertThat(states("broken")).containsExactly("update");
        mirror.sweep();
        assertThat(states("broken")).isEmpty();
        assertThat(states("not-configured")).containsExactly("views", "tag", "logo");
        assertThat(states("met")).hasSize(16);

        clock.set(Instant.parse("2026-11-26T09:00:00Z"));
        assertThat(states("broken")).containsExactly("update");
        assertThat(mirror.relais().duties().profile().isExample()).isFalse();

        clock.set(Instant.parse("2026-11-26T23:00:00Z"));
        assertThat(mirror.relais().duties().profile().name()).isEqualTo("Autre licence");
        assertThat(states("met")).containsExactly("logo");
    }

    @Test
    void a_profile_with_a_mistake_stops_the_start_and_is_named_with_its_line() throws Exception {
        Path profile = Files.writeString(folder.resolve("mine.yaml"), "name: Autre licence\nclause: []\n");
        mirror.with("relais.licence.profile", profile.toString());

        assertThatThrownBy(() -> mirror.start(clock))
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContaining(profile + ":2: there is no field \"clause\" in the profile");
    }

    private List<String> states(String state) {
        return mirror.relais().duties().read().stream()
                .filter(duty -> duty.state().toString().equals(state))
                .map(duty -> duty.clause().id())
                .toList();
    }
}
