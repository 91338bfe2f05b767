package org.example.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.EmbeddedDatabase;
import fr.relais.Relais;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

class JobsApplicationTest {

    private SourceSimulator source;

    @BeforeEach
    void startSource() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 300, Instant.now(), Duration.ofDays(60), "1");
    }

    @AfterEach
    void stopSource() {
        source.close();
    }

    @Test
    void relais_sweeps_beside_the_host_and_leaves_nothing_when_it_stops() throws Exception {
        String url = EmbeddedDatabase.shared().newSchema();
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        try (ConfigurableApplicationContext jobs = run("--jobs.database=" + url)) {
            JdbcClient database = JdbcClient.create(jobs.getBean("jobsDataSource", DataSource.class));
            database.sql("create table account (id int primary key)").update();
            CamelContext camel = jobs.getBean(CamelContext.class);
            Relais relais = Relais.of(camel).orElseThrow();

            HttpResponse<String> unproved = get(jobs, "/actuator/health");
            assertThat(unproved.statusCode()).isEqualTo(503);
            assertThat(unproved.body()).contains("\"relais-freshness\":\"DOWN\"", "WITHDRAWN");
            assertThat(get(jobs, "/actuator/health/liveness").statusCode()).isEqualTo(200);
            assertThat(get(jobs, "/actuator/health/readiness").statusCode()).isEqualTo(200);

            assertThat(relais.sweep().state()).isEqualTo(SweepState.PROVED);
            assertThat(get(jobs, "/actuator/health").body())
                    .contains("camelHealth")
                    .doesNotContain("DOWN");
            assertThat(JdbcClient.create(jobs.getBean("offersDataSource", DataSource.class))
                            .sql("select count(*) from offer")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(300);

            ProducerTemplate template = camel.createProducerTemplate();
            assertThat(template.requestBody("direct:search", null, String.class)).isEqualTo("the host's token");
            assertThat(template.requestBody("direct:report", null, String.class)).isEqualTo("the host's report");
            assertThat(jobs.getEnvironment().getProperty("spring.application.name")).isEqualTo("jobs");
            HttpResponse<String> page = get(jobs, "/console");
            assertThat(page.statusCode()).isEqualTo(404);
            assertThat(page.body()).contains("The host's error page");
        }
        Instant end = Instant.now().plusSeconds(20);
        while (!left(before).isEmpty() && Instant.now().isBefore(end)) {
            Thread.onSpinWait();
        }
        assertThat(left(before)).isEmpty();
    }

    @Test
    void relais_can_be_switched_off() {
        try (ConfigurableApplicationContext jobs = run("--relais.enabled=false", "--jobs.database=jdbc:none")) {
            assertThat(Relais.of(jobs.getBean(CamelContext.class))).isEmpty();
        }
    }

    @Test
    void a_misspelt_setting_is_named_with_a_remedy() {
        assertThatThrownBy(() -> run("--relais.sweep.corn=x", "--jobs.database=jdbc:none"))
                .rootCause()
                .hasMessageContaining("relais.sweep.corn");
    }

    private ConfigurableApplicationContext run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "--server.port=0",
                "--jobs.offers=" + EmbeddedDatabase.shared().newSchema(),
                "--relais.source.base-url=" + source.baseUrl(),
                "--relais.source.token-url=" + source.tokenUrl(),
                "--relais.source.client-id=" + SimulatorOptions.defaults().clientId(),
                "--relais.source.client-secret=" + SimulatorOptions.defaults().clientSecret(),
                "--relais.restore.folder=target/state",
                "--relais.changelog.uri=file:target/changelog"));
        all.addAll(List.of(arguments));
        return SpringApplication.run(JobsApplication.class, all.toArray(String[]::new));
    }

    private static HttpResponse<String> get(ConfigurableApplicationContext jobs, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:"
                                        + jobs.getEnvironment().getProperty("local.server.port") + path))
                                .header("Accept", path.equals("/console") ? "text/html" : "application/json")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static List<String> left(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                // The client of this test, and the simulated source.
                .filter(thread -> !thread.getName().matches("HttpClient-.*|source-simulator"))
                .map(Thread::getName)
                .sorted()
                .toList();
    }
}
