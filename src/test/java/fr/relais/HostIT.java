package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The pipeline in the Camel context of a host that has settings, beans, routes and tables of its own. */
class HostIT {

    private SourceSimulator source;
    private Mirror mirror;
    private DefaultCamelContext camel;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 300, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source);
        camel = new DefaultCamelContext();
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
        mirror.close();
        source.close();
    }

    @Test
    void the_properties_of_the_host_stay() throws Exception {
        Properties overrides = new Properties();
        overrides.setProperty("host.queue", "jobs");
        camel.getPropertiesComponent().setOverrideProperties(overrides);
        Properties initial = new Properties();
        initial.setProperty("host.folder", "inbox");
        camel.getPropertiesComponent().setInitialProperties(initial);

        mirror.with("relais.source.base-url", source.baseUrl() + "/");
        Relais relais = addPipeline();
        camel.start();

        assertThat(relais.sweep().state()).isEqualTo(SweepState.PROVED);
        assertThat(camel.resolvePropertyPlaceholders("{{host.queue}} {{host.folder}} {{relais.source.page-size}}"))
                .isEqualTo("jobs inbox 150");
    }

    @Test
    void a_setting_that_a_property_of_the_host_overrides_is_refused() {
        Properties overrides = new Properties();
        overrides.setProperty("relais.source.page-size", "10");
        camel.getPropertiesComponent().setOverrideProperties(overrides);

        assertThatThrownBy(this::addPipeline)
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContaining("relais.source.page-size", "override");
    }

    @Test
    void a_table_of_the_host_with_the_name_of_ours_stops_the_start_before_anything_is_written() {
        mirror.jdbc.sql("create table account (id int primary key)").update();
        mirror.jdbc.sql("create table search (id int primary key)").update();

        assertThatThrownBy(this::addPipeline)
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContainingAll("account", "did not make", "schema of its own");
        assertThat(mirror.jdbc.sql("show tables").query(String.class).list())
                .containsExactlyInAnyOrder("account", "search");
    }

    @Test
    void every_table_is_known_as_one_of_ours() {
        addPipeline();

        assertThat(mirror.jdbc.sql("show tables").query(String.class).list())
                .filteredOn(table -> !table.equals("relais_schema_history"))
                .containsExactlyInAnyOrderElementsOf(DatabaseCheck.TABLES);
        DatabaseCheck.requireOwnTables(mirror.jdbc);
    }

    @Test
    void a_context_that_has_been_started_is_refused() {
        camel.start();

        assertThatThrownBy(this::addPipeline)
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContaining("before the context starts");
    }

    @Test
    void a_second_pipeline_in_the_same_context_is_refused() {
        addPipeline();

        assertThatThrownBy(this::addPipeline)
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContaining("already has a pipeline");
    }

    @Test
    void camels_health_checks_report_a_mirror_that_was_never_proved_or_that_was_restored() {
        Relais relais = addPipeline();
        camel.start();
        assertThat(problems()).containsExactly("relais-freshness WITHDRAWN");

        assertThat(relais.sweep().state()).isEqualTo(SweepState.PROVED);
        assertThat(problems()).isEmpty();

        mirror.jdbc.sql("update sweep set state = 'restored'").update();
        assertThat(problems()).containsExactly("relais-freshness WITHDRAWN");
    }

    /** Returns the checks of Relais that are down, and their states. */
    private List<String> problems() {
        return HealthCheckHelper.invoke(camel).stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .filter(result -> "relais".equals(result.getCheck().getGroup()))
                .map(result ->
                        result.getCheck().getId() + " " + result.getDetails().get("state"))
                .toList();
    }

    private Relais addPipeline() {
        return Relais.addTo(camel, mirror.dataSource, mirror.settings());
    }
}
