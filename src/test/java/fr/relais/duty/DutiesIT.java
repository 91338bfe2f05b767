package fr.relais.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import fr.relais.Mirror;
import fr.relais.Relais;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
        assertThat(mirror.relais().duties().read().profile().isExample()).isFalse();

        clock.set(Instant.parse("2026-11-26T23:00:00Z"));
        assertThat(mirror.relais().duties().read().profile().name()).isEqualTo("Autre licence");
        assertThat(states("met")).containsExactly("logo");
    }

    @Test
    void faithfulness_is_at_risk_when_no_self_audit_has_run_48_hours_after_the_first_proved_sweep() throws Exception {
        mirror.start(clock);
        mirror.sweep();
        clock.advance(Duration.ofHours(47));
        mirror.sweep();
        assertThat(states("at-risk")).isEmpty();

        clock.advance(Duration.ofHours(1));
        assertThat(states("at-risk")).containsExactly("content");
    }

    @Test
    void a_profile_with_a_mistake_stops_the_start_and_is_named_with_its_line() throws Exception {
        Path profile = Files.writeString(folder.resolve("mine.yaml"), "name: Autre licence\nclause: []\n");
        mirror.with("relais.licence.profile", profile.toString());

        assertThatThrownBy(() -> mirror.start(clock))
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContaining(profile + ":2: there is no field \"clause\" in the profile");
    }

    @Test
    void a_change_of_a_state_is_recorded_once_and_a_look_without_a_change_adds_nothing() throws Exception {
        mirror.start(clock);
        record(mirror, 2);
        mirror.sweep();
        record(mirror, 2);
        clock.advance(Duration.ofHours(4));
        mirror.sweep();
        record(mirror, 2);
        clock.advance(Duration.ofHours(13));
        record(mirror, 2);
        mirror.start(clock);
        record(mirror, 2);

        assertThat(entries(Kind.DUTIES))
                .extracting(data -> data.at("/states/update").asText()
                        + data.at("/breaksAt/update").asText())
                .containsExactly("broken", "met", "at-risk2026-11-26T13:00:00Z");
        assertThat(entries(Kind.PROFILE)).singleElement().satisfies(data -> assertThat(data.path("clauses"))
                .hasSize(19));
    }

    @Test
    void processes_with_other_settings_do_not_add_entries_in_turns() throws Exception {
        mirror.start(clock);
        mirror.sweep();
        try (Mirror twin = mirror.secondProcess()
                .with("relais.display.xiti-tag", "tag={id}")
                .start(clock)) {
            for (int i = 0; i < 3; i++) {
                record(mirror, 1);
                record(twin, 1);
            }
        }

        assertThat(entries(Kind.DUTIES))
                .extracting(data -> data.at("/states/tag").asText())
                .containsExactly("not-configured", "met");
    }

    private static void record(Mirror process, int times) {
        for (int i = 0; i < times; i++) {
            process.bean(DutyRecord.class).addChanges();
        }
    }

    private List<JsonNode> entries(Kind kind) {
        List<JsonNode> entries = new ArrayList<>();
        mirror.relais().ledger().read(entry -> {
            if (entry.content().orElseThrow().kind().equals(kind.toString())) {
                entries.add(entry.data());
            }
        });
        return entries;
    }

    private List<String> states(String state) {
        return mirror.relais().duties().read().duties().stream()
                .filter(duty -> duty.state().toString().equals(state))
                .map(duty -> duty.clause().id())
                .toList();
    }
}
