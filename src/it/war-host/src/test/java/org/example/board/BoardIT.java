package org.example.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fr.relais.EmbeddedDatabase;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

class BoardIT {

    /**
     * Tomcat's warnings about what an application left behind. A thread without a stack trace has ended while Tomcat
     * looked at it.
     */
    private static final Pattern LEAK =
            Pattern.compile("WebappClassLoader.*(?<!Stack trace of thread:)\\n|WebappClassLoader.*\\n ");

    private static final String OTHER_CONNECTIONS = """
            select count(*) from information_schema.processlist where db = database() and id <> connection_id()""";

    @Test
    void relais_runs_while_the_war_is_deployed_and_leaves_nothing_when_it_is_undeployed() throws Exception {
        String database = EmbeddedDatabase.shared().newSchema();
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Tomcat tomcat = Tomcat.start(Path.of(System.getProperty("tomcat")), context(database, source))) {
            new OfferGenerator(1).fill(source.base(), 300, Instant.now(), Duration.ofDays(60), "1");
            String war = Path.of(System.getProperty("war")).toUri().toString();
            Set<String> threads = tomcat.threads();

            for (int deployment = 1; deployment <= 2; deployment++) {
                assertThat(tomcat.manage("deploy", "path", "/board", "war", war))
                        .as(tomcat.log())
                        .startsWith("OK");
                int sweeps = deployment;
                await("a proved sweep")
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> number(database, "select count(*) from sweep where state = 'proved'") == sweeps);
                assertThat(number(database, "select count(*) from offer")).isEqualTo(300);
                assertThat(tomcat.get("/board/freshness")).isEqualTo("FRESH");

                assertThat(tomcat.manage("undeploy", "path", "/board")).startsWith("OK");
                assertThat(number(database, OTHER_CONNECTIONS)).isZero();
                await("the end of all threads").until(() -> threads.containsAll(tomcat.threads()));
            }
            assertThat(tomcat.log()).doesNotContain("SEVERE").doesNotContainPattern(LEAK);
            assertThat(tomcat.manage("findleaks", "statusLine", "true"))
                    .startsWith("OK")
                    .doesNotContain("/board");
        }
    }

    @Test
    void the_war_has_nothing_that_belongs_to_the_server() throws Exception {
        try (ZipFile war = new ZipFile(System.getProperty("war"))) {
            assertThat(war.stream().map(ZipEntry::getName))
                    .anyMatch(name -> name.contains("camel-http-"))
                    .noneMatch(name -> name.contains("servlet-api"));
        }
    }

    /** Returns the settings of the web application. Tomcat does not search its libraries, which would take time. */
    private static String context(String database, SourceSimulator source) {
        String folder = Path.of(System.getProperty("war")).resolveSibling("relais").toString();
        String parameters = Map.of(
                        "board.database", database + "?user=root",
                        "relais.source.base-url", source.baseUrl(),
                        "relais.source.token-url", source.tokenUrl(),
                        "relais.source.client-id", SimulatorOptions.defaults().clientId(),
                        "relais.source.client-secret", SimulatorOptions.defaults().clientSecret(),
                        "relais.source.calls-per-second", "0",
                        "relais.restore.folder", folder,
                        "relais.changelog.uri", "file:" + folder)
                .entrySet().stream()
                        .map(parameter -> "<Parameter name=\"%s\" value=\"%s\"/>"
                                .formatted(parameter.getKey(), parameter.getValue()))
                        .collect(Collectors.joining("\n"));
        return """
                <Context>
                  <JarScanner><JarScanFilter tldSkip="*" pluggabilitySkip="*"/></JarScanner>
                  %s
                </Context>
                """.formatted(parameters);
    }

    private static long number(String database, String query) throws Exception {
        try (Connection connection = DriverManager.getConnection(database, "root", "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
