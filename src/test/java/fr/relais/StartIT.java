package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.settings.Settings;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The packed application, started as an operator starts it: with settings only. Some tests start a process of their
 * own, to see the real exit code and the complete output; the commands of the others share processes.
 */
@Execution(ExecutionMode.CONCURRENT)
class StartIT {

    private static final String ROUTE = """
            - route:
                id: relais-transform-offer
                from:
                  uri: direct:relais-transform-offer
                  steps:
                    %s
            """;

    @TempDir
    private Path folder;

    private SourceSimulator source;
    private Packed packed;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 300, Instant.now(), Duration.ofDays(60), "1");
        packed = new Packed(folder, source);
    }

    @AfterEach
    void stop() {
        source.close();
    }

    @Test
    void sync_exits_with_0_after_one_summary_line_and_publishes_the_changelog() throws Exception {
        Packed.Ended sync = packed.runJar("sync");

        assertThat(sync.exitCode()).as(sync.output()).isZero();
        assertThat(sync.output().strip()).matches("Sweep 1 proved: 300 created, .*");
        assertThat(packed.files()).anySatisfy((name, content) -> assertThat(name + content)
                .contains("changelog/modifications.json", "Relais 0.", "\"balayage\":1"));
    }

    @Test
    void a_structured_line_about_a_sweep_has_its_id_and_nothing_of_an_offer() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Files.writeString(
                routes.resolve("36-mine.camel.yaml"),
                ROUTE.replace("    from:", "    description: Elle n'ajoute rien.\n    from:")
                        .formatted("- log: {logName: fr.relais.mine, message: a hook was called}"));
        packed.with("RELAIS_ROUTES", routes.toString()).with("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs");

        String output = packed.runAlone("sync").output();

        List<JsonNode> lines = new ArrayList<>();
        for (String line : output.lines().filter(line -> line.startsWith("{")).toList()) {
            lines.add(new ObjectMapper().readTree(line));
        }
        assertThat(lines)
                .as(output)
                .filteredOn(line -> line.path("message").asText().equals("a hook was called"))
                .hasSizeGreaterThan(1)
                .allMatch(line -> line.path("sweep").asText().equals("1"));
        String title = new ObjectMapper()
                .readTree(source.base().snapshot("1").values().iterator().next())
                .path("intitule")
                .asText();
        assertThat(title).isNotEmpty();
        assertThat(output).doesNotContain(title);
    }

    @Test
    void a_command_prints_its_result_to_standard_output_and_warnings_to_standard_error(@TempDir Path state)
            throws Exception {
        packed.run("sync");
        // Makes the start warn that a restore cannot be noticed.
        packed.with("RELAIS_RESTORE_FOLDER", state.toString());
        Path errors = state.resolve("errors.log");

        Packed.Ended added = packed.runAlone(errors, "api-key", "add", "site");

        assertThat(added.output()).matches("[A-Za-z0-9_-]{43}\\s+");
        assertThat(errors).content().contains("WARN", "It is not known whether the database was restored");
    }

    @Test
    void sync_exits_with_2_when_the_sweep_is_incomplete() throws Exception {
        source.onCall((exchange, call) -> {
            // The first search is the check of the source at the start.
            if (call.kind() == Call.Kind.SEARCH && call.number() > 1) {
                Answer.empty(400).sendTo(exchange);
                return true;
            }
            return false;
        });

        assertThat(packed.runAlone("sync").exitCode()).isEqualTo(2);
    }

    @Test
    void a_missing_setting_is_named_with_its_remedy() throws Exception {
        packed.without("RELAIS_SOURCE_CLIENT_ID");

        assertFailsWith(packed.runJar("sync"), "relais.source.client-id", "RELAIS_SOURCE_CLIENT_ID");
    }

    @Test
    void an_invalid_setting_is_named_with_its_valid_values() throws Exception {
        packed.with("RELAIS_SOURCE_ORIGINS", "3");

        assertFailsWith(packed.run("sync"), "relais.source.origins", "takes 1, 2 or 1,2");
    }

    @Test
    void an_invalid_schedule_is_named() throws Exception {
        packed.with("RELAIS_SWEEP_CRON", "0 0 25 * * ?");

        assertFailsWith(packed.run("sync"), "relais.sweep.cron", "takes a Quartz cron expression");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "snyc",
                "sync --bogus",
                "sync --dry-run",
                "sync --debug",
                "report 2026-10 --to x --send",
                "licence notice --version 2 --file x",
                "licence notice --version 2 --informed 25/11/2026 --file x",
                "licence withdraw --version 2 --api-change 1",
                "report"
            })
    void a_mistake_on_the_command_line_is_refused(String arguments) throws Exception {
        Packed.Ended ended = packed.run(arguments.split(" "));

        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(64);
        assertThat(ended.output()).contains("Usage: relais-exec.jar");
        assertThat(source.tokens()).isZero();
    }

    @Test
    void a_misspelt_option_is_named() throws Exception {
        assertThat(packed.run("sync", "--bogus=secret").output())
                .contains("Unknown command or option: --bogus")
                .doesNotContain("secret");
    }

    @Test
    void the_version_is_printed() throws Exception {
        Packed.Ended ended = packed.run("--version");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).matches("Relais \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    @Test
    void a_report_that_cannot_be_written_is_reported_with_its_file() throws Exception {
        try (Mirror mirror = mirror().start()) {
            mirror.camel()
                    .createProducerTemplate()
                    .sendBody("direct:relais-take-views", "{\"offerId\":\"A1\",\"at\":\"" + Instant.now() + "\"}");
        }
        String month = YearMonth.now(ZoneId.of("Europe/Paris")).toString();
        Packed.Ended ended = packed.run("report", month, "--to", "/nowhere/report.csv");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("/nowhere/report.csv");
    }

    @Test
    void a_report_of_which_nobody_knows_whether_it_arrived_can_be_marked_as_delivered() throws Exception {
        YearMonth month = YearMonth.now(ZoneId.of("Europe/Paris")).minusMonths(1);
        try (Mirror mirror = mirror().start()) {
            mirror.jdbc
                    .sql("insert into monthly_report (month, state, opened_at) values (:month, 'open', :month)")
                    .param("month", month.atDay(1).toString())
                    .update();
            mirror.relais().reports().holdAfterRestore();
        }

        Packed.Ended ended = packed.run("report", month.toString(), "--delivered");

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).startsWith("Report of " + month + " accepted");
    }

    @Test
    void notices_about_the_licence_are_recorded_decided_and_listed() throws Exception {
        LocalDate today = LocalDate.now(ZoneId.of("Europe/Paris"));
        String file =
                Files.writeString(folder.resolve("licence.pdf"), "Article 1").toString();
        String[] notice = {"licence", "notice", "--version", "2", "--informed", today.toString(), "--file", file};

        assertSucceedsWith(
                packed.run(notice),
                "Version 2 pending",
                "deadline " + today.plusDays(15),
                "binding from " + today.plusDays(16),
                "licence.pdf " + DigestUtils.sha256Hex("Article 1"));
        assertFailsWith(packed.run(notice), "Version 2 is in the register already", "licence withdraw --version 2");
        notice[3] = "1";
        notice[5] = today.minusDays(30).toString();
        assertSucceedsWith(packed.run(notice), "Version 1 in force", "so nobody can refuse version 1 any more");
        assertSucceedsWith(
                packed.run("licence", "api-change", "--informed", notice[5], "--summary", "A field goes"),
                "effective on " + today.minusDays(30).plusMonths(2) + ", A field goes");
        packed.run("licence", "accept", "--version", "2", "--by", "anna");
        assertSucceedsWith(
                packed.run("licence", "list"),
                "Version 1 in force",
                "Version 2 accepted",
                "accepted by anna",
                "API change 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server.port", "management.server.port"})
    void a_port_in_use_is_reported_with_its_setting_but_commands_need_no_port(String setting) throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = Integer.toString(taken.getLocalPort());
            packed.with(Settings.variable(setting), port);

            assertFailsWith(packed.run(), "port " + port + " is already in use", setting);
            assertThat(packed.run("sync").exitCode()).isZero();
        }
    }

    @Test
    void a_misspelt_setting_is_named() throws Exception {
        assertFailsWith(packed.run("sync", "--relais.sweep.crom=x"), "relais.sweep.crom", "does not exist");
    }

    @Test
    void wrong_credentials_are_reported_without_the_secret_and_correct_ones_work_at_once() throws Exception {
        packed.with("RELAIS_SOURCE_CLIENT_SECRET", "canary-secret");

        Packed.Ended refused = packed.run("sync");
        Packed.Ended accepted = packed.with(
                        "RELAIS_SOURCE_CLIENT_SECRET",
                        SimulatorOptions.defaults().clientSecret())
                .run("sync");

        assertFailsWith(refused, "relais.source.client-secret", "invalid_client");
        assertThat(refused.output()).doesNotContain("canary-secret");
        assertThat(accepted.exitCode()).as(accepted.output()).isZero();
    }

    @Test
    void a_suspended_account_is_not_used_until_the_command_probe_finds_it_accepted() throws Exception {
        AtomicBoolean refusing = new AtomicBoolean(true);
        source.onCall((exchange, call) -> {
            boolean refused = refusing.get() && call.kind() == Call.Kind.SEARCH;
            if (refused) {
                Answer.empty(403).sendTo(exchange);
            }
            return refused;
        });
        try (Mirror mirror = mirror().start()) {
            mirror.sweep();
        }
        source.resetCounters();

        assertFailsWith(packed.run("sync"), "suspended since 20", "403", "tried again after 20", "probe");
        assertThat(source.tokens() + source.searches()).isZero();

        assertFailsWith(packed.run("probe"), "403");
        assertThat(source.searches()).isEqualTo(1);

        refusing.set(false);
        Packed.Ended probe = packed.run("probe");
        assertThat(probe.exitCode()).as(probe.output()).isZero();
        assertThat(probe.output().strip()).isEqualTo("The source answers; the account is active.");

        Packed.Ended sync = packed.run("sync");
        assertThat(sync.exitCode()).as(sync.output()).isZero();
    }

    @Test
    void held_removals_are_done_when_a_person_approves_them() throws Exception {
        try (Mirror mirror = mirror().start()) {
            mirror.sweep();
        }
        source.base().ids().stream().limit(20).forEach(source.base()::remove);

        Packed.Ended held = packed.with("RELAIS_REMOVAL_GUARD", "0.01,3").run("sync");
        assertThat(held.exitCode()).as(held.output()).isEqualTo(3);
        assertThat(held.output()).contains("20 of 300 offers", "approve-removals 2");

        assertFailsWith(packed.run("approve-removals", "99"), "Sweep 99 holds no removals");

        Packed.Ended approved = packed.run("approve-removals", "2");
        assertThat(approved.exitCode()).as(approved.output()).isZero();
        assertThat(approved.output()).contains("Sweep 2 proved", "20 removed");
    }

    @Test
    void the_service_starts_without_the_source_when_there_is_a_mirror_to_show() throws Exception {
        try (Mirror mirror = mirror().start()) {
            mirror.sweep();
        }
        packed.with("RELAIS_SOURCE_BASE_URL", "http://127.0.0.1:" + unusedPort() + "/x");

        try (Packed.Service service = packed.start()) {
            assertThat(packed.output()).contains("The source cannot be used now; the mirror of 20");
            JsonNode health =
                    new ObjectMapper().readTree(service.get("/actuator/health").body());
            assertThat(health.path("status").asText()).as(health.toString()).isEqualTo("UP");
            JsonNode freshness = health.path("components").path("freshness");
            assertThat(freshness.path("status").asText()).isEqualTo("UP");
            assertThat(freshness.path("details").path("state").asText()).isEqualTo("FRESH");
            assertThat(freshness.path("details").path("updatedAt").asText()).startsWith("20");
        }
    }

    @Test
    void the_first_start_prints_a_password_for_the_console() throws Exception {
        packed.with("RELAIS_CONSOLE_LOCAL", "false");

        try (Packed.Service service = packed.start()) {
            assertThat(packed.output())
                    .containsPattern(
                            "use the name operator and the password [A-Za-z0-9_-]{43} \\(printed only this once");
            assertThat(packed.run("api-key", "list").output().strip()).isEqualTo("operator (operator)");
            assertThat(service.get("/console").headers().firstValue("Location")).contains("/console/login");
        }
    }

    @Test
    void the_service_does_not_start_without_the_source_when_there_is_no_mirror() throws Exception {
        packed.with("RELAIS_SOURCE_BASE_URL", "http://127.0.0.1:" + unusedPort() + "/x");

        assertFailsWith(packed.run(), "The source cannot be used", "relais.source.base-url");
    }

    @ParameterizedTest
    @CsvSource({"sync, held for approval", "approve-removals, SWEEP", "probe, suspended", "'', approve-removals"})
    void each_command_has_a_help_text(String command, String words) throws Exception {
        Packed.Ended help = packed.run(Stream.of(command, "--help")
                .filter(argument -> !argument.isEmpty())
                .toArray(String[]::new));

        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).contains("Usage: ", words);
    }

    @Test
    void an_unreachable_database_is_reported() throws Exception {
        packed.with("SPRING_DATASOURCE_URL", "jdbc:mariadb://127.0.0.1:" + unusedPort() + "/relais");

        assertFailsWith(packed.run("sync"), "The database cannot be used", "spring.datasource.url");
    }

    @Test
    void an_unreachable_source_is_reported() throws Exception {
        packed.with("RELAIS_SOURCE_BASE_URL", "http://127.0.0.1:" + unusedPort() + "/x");

        assertFailsWith(packed.run("sync"), "The source cannot be used", "relais.source.base-url");
    }

    @Test
    void the_service_exits_with_1_when_it_cannot_start() throws Exception {
        packed.with("RELAIS_SOURCE_CLIENT_SECRET", "wrong");

        assertFailsWith(packed.run(), "relais.source.client-secret");
    }

    @Test
    void a_mistake_in_a_route_file_is_reported_with_file_line_and_remedy() throws Exception {
        Path routes = Files.createDirectory(folder.resolve("routes"));
        Path file = routes.resolve("36-mine.camel.yaml");
        packed.with("RELAIS_ROUTES", routes.toString());

        Files.writeString(file, ROUTE.formatted("- lug: {message: hello}"));
        assertFailsWith(packed.run("sync"), file + ":6", "lug", "Did you mean log?");

        Files.writeString(file, ROUTE.formatted("- to: {uri: 'direct:wach'}"));
        assertFailsWith(packed.run("sync"), file + ":6", "Did you mean direct:relais-watch?");
    }

    @Test
    void a_database_other_than_mariadb_is_reported() throws Exception {
        packed.with("SPRING_DATASOURCE_URL", "jdbc:mysql://localhost/relais");

        assertFailsWith(packed.run("sync"), "spring.datasource.url", "jdbc:mysql:", "jdbc:mariadb:");
    }

    /** Returns the same mirror in this process, which is faster. */
    private Mirror mirror() {
        return Mirror.of(source, packed.environment.get("SPRING_DATASOURCE_URL"), "root");
    }

    private static void assertSucceedsWith(Packed.Ended ended, String... words) {
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains(words);
    }

    private static void assertFailsWith(Packed.Ended ended, String... words) {
        assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
        assertThat(ended.output()).contains(words).doesNotContain("\tat ");
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
