package org.example.esb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import fr.relais.EmbeddedDatabase;
import fr.relais.Relais;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EsbTest {

    @Test
    void two_pipelines_in_one_jvm_sweep_and_leave_no_thread() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                SourceSimulator other = SourceSimulator.start(SimulatorOptions.defaults())) {
            fill(source, 300);
            fill(other, 40);
            EmbeddedDatabase.shared();
            Set<Thread> before = Thread.getAllStackTraces().keySet();

            try (HikariDataSource database = database();
                    HikariDataSource otherDatabase = database()) {
                Main esb = start(database, source);
                Main otherEsb = start(otherDatabase, other);

                assertThat(sweep(esb)).isEqualTo(300);
                assertThat(sweep(otherEsb)).isEqualTo(40);
                assertThat(esb.getCamelTemplate().requestBody("direct:search", null, String.class))
                        .isEqualTo("jobs");

                esb.stop();
                otherEsb.stop();
            }
            Instant end = Instant.now().plusSeconds(20);
            while (!left(before).isEmpty() && Instant.now().isBefore(end)) {
                Thread.onSpinWait();
            }
            assertThat(left(before)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "org.springframework.boot.SpringApplication",
        "org.springframework.web.servlet.DispatcherServlet",
        "org.apache.catalina.startup.Tomcat",
        "ch.qos.logback.classic.Logger"
    })
    void relais_brings_no_web_part_and_no_logging_of_its_own(String type) {
        assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
    }

    private static void fill(SourceSimulator source, int offers) {
        new OfferGenerator(1).fill(source.base(), offers, Instant.now(), Duration.ofDays(60), "1");
    }

    private static HikariDataSource database() {
        HikariDataSource database = new HikariDataSource();
        database.setJdbcUrl(EmbeddedDatabase.shared().newSchema());
        database.setUsername("root");
        database.setPassword("");
        database.setMaximumPoolSize(13);
        return database;
    }

    private static Main start(HikariDataSource database, SourceSimulator source) {
        Main esb = Esb.main(database);
        esb.addInitialProperty("relais.source.base-url", source.baseUrl());
        esb.addInitialProperty("relais.source.token-url", source.tokenUrl());
        esb.addInitialProperty(
                "relais.source.client-id", SimulatorOptions.defaults().clientId());
        esb.addInitialProperty(
                "relais.source.client-secret", SimulatorOptions.defaults().clientSecret());
        esb.start();
        return esb;
    }

    private static int sweep(Main esb) {
        var summary = Relais.of(esb.getCamelContext()).orElseThrow().sweep();
        assertThat(summary.state()).isEqualTo(SweepState.PROVED);
        return (int) summary.created();
    }

    private static List<String> left(Set<Thread> before) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .map(Thread::getName)
                .filter(name -> !name.equals("source-simulator"))
                .sorted()
                .toList();
    }
}
