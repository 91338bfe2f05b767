package org.example.karaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fr.relais.EmbeddedDatabase;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mariadb.jdbc.MariaDbDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class KarafTest {

    private static final Path BUNDLE = Path.of(System.getProperty("bundle.folder"));
    private static final String CONFIGURATION = "fr.relais";
    private static final SimulatorOptions OPTIONS = SimulatorOptions.defaults();
    private static final int OFFERS = 5000;
    private static final String USER = "relais";
    private static final String PASSWORD = "not-a-secret";
    private static final Map<String, String> ENVIRONMENT = Map.of("RELAIS_CLIENT_SECRET", OPTIONS.clientSecret());

    @TempDir
    private Path folder;

    private SourceSimulator source;
    private String url;
    private JdbcClient database;
    private Karaf karaf;

    @BeforeEach
    void start() throws Exception {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        source = SourceSimulator.start(OPTIONS);
        new OfferGenerator(1)
                .fill(source.base(), OFFERS, Instant.now().minus(Duration.ofDays(1)), Duration.ofDays(60), "1");
        EmbeddedDatabase.shared().account(USER, PASSWORD);
        url = EmbeddedDatabase.shared().newSchema();
        database = JdbcClient.create(new MariaDbDataSource(url + "?user=root"));
        karaf = new Karaf(folder, BUNDLE.getParent().getParent().getParent().getParent());
    }

    @AfterEach
    void stop() {
        karaf.close();
        source.close();
    }

    @Test
    void relais_runs_in_karaf_and_leaves_nothing() throws Exception {
        karaf.start(ENVIRONMENT);

        waits_for_a_usable_configuration();
        sweeps_with_a_data_source_of_the_container();
        resumes_a_sweep_that_a_stop_of_karaf_interrupted();
        leaves_nothing_when_it_is_uninstalled();
    }

    private void waits_for_a_usable_configuration() throws IOException {
        Files.copy(features(), karaf.deploy().resolve("relais.xml"));

        awaitLogged("Relais cannot be added: Setting relais.source.client-id ");
        assertThat(karaf.hasConfiguration(CONFIGURATION)).isTrue();
    }

    private void sweeps_with_a_data_source_of_the_container() throws Exception {
        Path bundle = karaf.deploy().resolve("database.jar");
        Map<String, String> configuration = configuration();
        configuration.keySet().removeIf(name -> name.startsWith("datasource."));
        configuration.put("datasource.service", DatabaseBundle.NAME);

        karaf.configure(CONFIGURATION, configuration);
        awaitLogged("no DataSource service (osgi.jndi.service.name=" + DatabaseBundle.NAME + ")");
        DatabaseBundle.write(bundle, url + "?user=root");

        awaitState(1, "proved");
        assertThat(database.sql("select count(*) from offer")
                        .query(Integer.class)
                        .single())
                .isEqualTo(OFFERS);
        assertThat(connections()).isZero();

        Files.delete(bundle);
        awaitLogged("Relais has stopped");
    }

    private void resumes_a_sweep_that_a_stop_of_karaf_interrupted() throws Exception {
        int searches = source.searches();
        Map<String, String> configuration = configuration();
        configuration.put("relais.source.calls-per-second", "4");
        karaf.configure(CONFIGURATION, configuration);
        await().until(() -> provedSlices(2) > 0);
        assertThat(connections()).isPositive();

        karaf.stop();

        assertThat(connections()).isZero();
        assertThat(state(2)).isEqualTo("reading");

        source.resetCounters();
        karaf.configure(CONFIGURATION, configuration());
        karaf.start(ENVIRONMENT);

        awaitState(2, "proved");
        assertThat(source.searches()).isLessThan(searches);
        assertThat(sweeps()).isEqualTo(2);
    }

    private void leaves_nothing_when_it_is_uninstalled() throws Exception {
        assertThat(karaf.jcmd("Thread.print")).contains("relais-supervisor", "Camel (relais)");

        Files.delete(karaf.deploy().resolve("relais.xml"));

        await().until(() -> connections() == 0);
        await().untilAsserted(() -> assertThat(karaf.jcmd("Thread.print"))
                .contains("\"main\"")
                .doesNotContainIgnoringCase("relais", "camel", "quartz", "hikari", "mariadb"));
        await().untilAsserted(() -> assertThat(karaf.jcmd("GC.class_histogram"))
                .contains("org.apache.felix.framework")
                .doesNotContain("fr.relais", "org.apache.camel"));
    }

    private Path features() throws IOException {
        try (var files = Files.list(BUNDLE)) {
            return files.filter(file -> file.toString().endsWith("-features.xml"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Map<String, String> configuration() {
        return new TreeMap<>(Map.of(
                "datasource.url",
                url,
                "datasource.username",
                USER,
                "datasource.password",
                PASSWORD,
                "relais.source.base-url",
                source.baseUrl(),
                "relais.source.token-url",
                source.tokenUrl(),
                "relais.source.client-id",
                OPTIONS.clientId(),
                "relais.source.client-secret",
                "${env:RELAIS_CLIENT_SECRET}",
                "relais.source.calls-per-second",
                "0",
                // Only the start of the pipeline sweeps.
                "relais.sweep.cron",
                "0 0 0 1 1 ? 2099"));
    }

    private void awaitLogged(String message) {
        await().untilAsserted(() -> assertThat(karaf.log())
                .filteredOn(line -> line.contains(message))
                .hasSize(1));
    }

    private void awaitState(long sweep, String state) {
        // The tables do not exist before the pipeline starts.
        await().ignoreExceptions().untilAsserted(() -> assertThat(state(sweep)).isEqualTo(state));
    }

    private String state(long sweep) {
        return database.sql("select state from sweep where id = :id")
                .param("id", sweep)
                .query(String.class)
                .single();
    }

    private int sweeps() {
        return tables() == 0
                ? 0
                : database.sql("select count(*) from sweep")
                        .query(Integer.class)
                        .single();
    }

    private int tables() {
        return database.sql("select count(*) from information_schema.tables where table_name = 'sweep'")
                .query(Integer.class)
                .single();
    }

    private int provedSlices(long sweep) {
        return database.sql("select count(*) from slice where sweep_id = :id and state = 'proved'")
                .param("id", sweep)
                .query(Integer.class)
                .single();
    }

    /** Returns the number of connections that Relais has opened itself. */
    private int connections() {
        return database.sql("select count(*) from information_schema.processlist where user = :user")
                .param("user", USER)
                .query(Integer.class)
                .single();
    }
}
