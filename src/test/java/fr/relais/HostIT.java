package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import ch.qos.logback.classic.Level;
import fr.relais.changelog.Migration;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.impl.DefaultCamelContext;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

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

        assertRefused("relais.source.page-size", "override");
    }

    @Test
    void a_table_of_the_host_with_the_name_of_ours_stops_the_start_before_anything_is_written() {
        mirror.jdbc.sql("create table account (id int primary key)").update();
        mirror.jdbc.sql("create table search (id int primary key)").update();

        assertThatThrownBy(this::addPipeline)
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContainingAll("account", "did not make", "schema of its own");
        assertThat(tables()).containsExactlyInAnyOrder("account", "search");
    }

    @Test
    void every_table_is_known_as_one_of_ours() {
        addPipeline();

        assertThat(tables())
                .filteredOn(table -> !table.equals("relais_schema_history"))
                .containsExactlyInAnyOrderElementsOf(DatabaseCheck.TABLES);
        DatabaseCheck.requireOwnTables(mirror.jdbc);
    }

    @Test
    void migrations_are_known_before_they_are_applied() {
        List<Migration> before = Migration.of(Addition.flyway(mirror.dataSource).info());
        addPipeline();

        assertThat(before)
                .isNotEmpty()
                .isEqualTo(mirror.jdbc.sql("""
                select version, description, checksum from relais_schema_history
                where success and type = 'SQL' order by installed_rank""").query(Migration.class).list());
        assertThat(Migration.of(Addition.flyway(mirror.dataSource).info())).isEqualTo(before);
    }

    /** After an upgrade that only added a column, the older version can be started again. */
    @Test
    void a_database_that_a_newer_version_has_migrated_is_accepted() throws Exception {
        addPipeline();
        mirror.jdbc.sql("alter table offer add column added int null").update();
        mirror.jdbc.sql("""
                insert into relais_schema_history
                select max(installed_rank) + 1, '9', 'added', 'SQL', 'V9__added.sql', 1,
                  'test', current_timestamp, 1, 1 from relais_schema_history""").update();

        mirror.start();

        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
    }

    @Test
    void tables_of_which_an_earlier_start_has_changed_only_a_part_are_refused() throws Exception {
        addPipeline();
        mirror.jdbc
                .sql("update relais_schema_history set success = 0 where version = '1'")
                .update();
        camel.close();
        camel = new DefaultCamelContext();

        assertThatThrownBy(this::addPipeline)
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContainingAll("earlier start", "Restore the backup", "privilege");
    }

    @Test
    void log_levels_at_which_libraries_log_offers_are_refused() {
        try (CapturedLog log = CapturedLog.ofHost(Level.DEBUG)) {
            assertRefused("org.apache.camel=info", "org.mariadb.jdbc.message.server=off", "logback.xml");
            assertThat(log.warnings()).isEmpty();
        }
    }

    @Test
    void a_context_that_has_been_started_is_refused() {
        camel.start();

        assertRefused("before the context starts");
    }

    @Test
    void a_second_pipeline_in_the_same_context_is_refused() throws Exception {
        addPipeline();
        try (Mirror other = Mirror.of(source)) {
            assertThatThrownBy(() -> Relais.addTo(camel, other.dataSource, other.settings()))
                    .isInstanceOf(Relais.NotAdded.class)
                    .hasMessageContaining("already has a pipeline");
            assertThat(other.jdbc.sql("show tables").query(String.class).list()).isEmpty();
        }
    }

    @Test
    void a_camel_that_is_too_old_is_refused() throws Exception {
        camel.close();
        camel = new DefaultCamelContext() {
            @Override
            public String getVersion() {
                return "4.18.3";
            }
        };

        assertRefused("4.18.3", "4.22 or later", "dependencyManagement");
    }

    @ParameterizedTest
    @CsvSource({
        "relais.source.page-siez, 10, relais.source.page-siez does not exist",
        "relais.source.client-id, '', relais.source.client-id",
        "relais.source.origins, 3, 'takes 1, 2 or 1,2'",
        "relais.routes, nowhere, relais.routes",
        "relais.alert.uri, kafka:alerts, camel-kafka",
        "relais.changelog.uri, file:x?fileExists=Override, Did you mean fileExist?"
    })
    void an_unusable_setting_is_refused(String setting, String value, String message) {
        mirror.with(setting, value);

        assertRefused(message);
    }

    @ParameterizedTest
    @CsvSource({
        "'uri: \"{{mine}}\"', there is no setting mine",
        "uri: bean:relaisWhat, there is no bean relaisWhat",
        "uri: smpt:mail, no component",
        "ur: log:mine, ur"
    })
    void a_route_file_with_a_mistake_is_refused(String step, String message, @TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("36-mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: timer:mine
                      steps:
                        - to:
                            %s
                """.formatted(step));
        mirror.with("relais.routes", folder.toString());

        assertRefused("36-mine.camel.yaml", message);
        assertRefused("only a part of the pipeline", "Use a new context");
        assertThatThrownBy(camel::start);
    }

    /** SQL can be checked only when the tables of Relais exist. They stay, and the next start uses them. */
    @Test
    void a_route_file_with_a_mistake_in_its_sql_is_refused_when_the_tables_exist(@TempDir Path folder)
            throws Exception {
        Files.writeString(folder.resolve("36-mine.camel.yaml"), """
                - route:
                    id: mine
                    from:
                      uri: timer:mine
                      steps:
                        - to:
                            uri: sql
                            parameters:
                              dataSource: "#relaisDataSource"
                              query: select id, titel from offer
                """);
        mirror.with("relais.routes", folder.toString());

        assertThatThrownBy(this::addPipeline)
                .isInstanceOf(Relais.NotAdded.class)
                .hasMessageContainingAll("36-mine.camel.yaml", "titel");
        assertThat(tables()).contains("offer");
        assertThatThrownBy(camel::start).hasStackTraceContaining("only a part of the pipeline");
    }

    @ParameterizedTest
    @CsvSource({"H2, 2, 3", "MySQL, 8, 4", "MariaDB, 10, 6"})
    void another_or_older_database_is_refused(String product, int major, int minor) throws Exception {
        DataSource other = database(product, major, minor);

        assertRefused(() -> Relais.addTo(camel, other, mirror.settings()), product + " " + major + "." + minor);
        assertRefused(
                () -> Relais.addTo(camel, mirror.dataSource, other, mirror.settings()),
                "MariaDB 10.11 or later",
                "jdbc:mariadb:");
    }

    @Test
    void a_data_source_that_is_missing_or_has_no_schema_or_no_server_is_refused() {
        assertRefused(() -> Relais.addTo(camel, null, mirror.settings()), "no DataSource", "jdbc:mariadb:");
        assertRefused(
                () -> Relais.addTo(
                        camel,
                        new DriverManagerDataSource(
                                mirror.dataSource.getJdbcUrl().replaceFirst("/\\w+$", "/"), "root", ""),
                        mirror.settings()),
                "has no schema",
                "jdbc:mariadb:");
        assertRefused(
                () -> Relais.addTo(
                        camel,
                        new DriverManagerDataSource("jdbc:mariadb://127.0.0.1:1/relais", "root", ""),
                        mirror.settings()),
                "the database cannot be used",
                "Check the DataSource");
    }

    @ParameterizedTest
    @CsvSource({"autocommit=false, auto-commit", "sessionVariables=sql_mode='', STRICT_TRANS_TABLES"})
    void connections_that_lose_data_are_refused(String option, String message) {
        DataSource unsafe = new DriverManagerDataSource(mirror.dataSource.getJdbcUrl() + "?" + option, "root", "");

        assertRefused(() -> Relais.addTo(camel, unsafe, mirror.settings()), message);
    }

    private static DataSource database(String product, int major, int minor) throws SQLException {
        DataSource database = mock();
        Connection connection = mock();
        DatabaseMetaData description = mock();
        when(database.getConnection()).thenReturn(connection);
        when(connection.getMetaData()).thenReturn(description);
        when(description.getDatabaseProductName()).thenReturn(product);
        when(description.getDatabaseMajorVersion()).thenReturn(major);
        when(description.getDatabaseMinorVersion()).thenReturn(minor);
        return database;
    }

    private void assertRefused(String... words) {
        assertRefused(this::addPipeline, words);
    }

    /** Verifies that the message has the words, and that nothing has been written. */
    private void assertRefused(ThrowingCallable addPipeline, String... words) {
        assertThatThrownBy(addPipeline).isInstanceOf(Relais.NotAdded.class).hasMessageContainingAll(words);
        assertThat(tables()).isEmpty();
    }

    private List<String> tables() {
        return mirror.jdbc.sql("show tables").query(String.class).list();
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
