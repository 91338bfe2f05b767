package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Views that a site sends to the packed service, and the commands for API keys and reports. */
@ExtendWith(Seeds.class)
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class ViewsApiIT {

    private static final int KILLS = Integer.getInteger("tests.kills", 1);
    private static final int WRITERS = 8;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private SourceSimulator source;
    private Packed packed;
    private Mirror mirror;
    private List<String> ids;
    private String key;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 20, Instant.now(), Duration.ofDays(60), "1");
        packed = new Packed(folder, source)
                .with("RELAIS_SWEEP_ON_START", "false")
                .with("RELAIS_BUDGET_REQUESTS_PER_MINUTE", "1000000");
        mirror = Mirror.of(source, packed.environment.get("SPRING_DATASOURCE_URL"), "root")
                .start();
        mirror.sweep();
        ids = List.copyOf(mirror.offers().keySet());
        Packed.Ended added = packed.run("api-key", "add", "site");
        assertThat(added.exitCode()).as(added.output()).isZero();
        key = added.output().strip();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void views_sent_by_http_are_counted_in_the_report() throws Exception {
        assertThat(key).matches("[A-Za-z0-9_-]{43}");
        assertThat(mirror.jdbc
                        .sql("select hex(hash) from api_key")
                        .query(String.class)
                        .single())
                .as("the key itself is not stored")
                .doesNotContain(key);
        assertThat(packed.run("api-key", "add", "site").output()).contains("A key named site already exists");
        assertThat(packed.run("api-key", "add", "anna", "--operator").output()).matches("[A-Za-z0-9_-]{43}\\s+");
        assertThat(packed.run("api-key", "list").output()).isEqualToIgnoringNewLines("anna (operator)\nsite\n");

        try (Packed.Service service = packed.start()) {
            String one = event(ids.get(0), "k1");
            String many =
                    "[" + event(ids.get(0), "k2") + "," + event(ids.get(1), "k3") + "," + event("nobody", "k4") + "]";
            assertAnswer(post(service, key, one), 202, "{\"counted\":1,\"repeated\":0,\"unknown\":0}");
            assertAnswer(post(service, key, one), 202, "{\"counted\":0,\"repeated\":1,\"unknown\":0}");
            assertAnswer(post(service, key, many), 202, "{\"counted\":3,\"repeated\":0,\"unknown\":1}");
            assertAnswer(post(service, key, "[]"), 202, "{\"counted\":0,\"repeated\":0,\"unknown\":0}");

            assertAnswer(post(service, null, one), 401, "Authorization: Bearer KEY");
            assertAnswer(post(service, "wrong", event(ids.get(0), "k5")), 401, "Authorization: Bearer KEY");
            assertAnswer(post(service, key, "{\"offerId\""), 400, "this is not JSON: line 1");
            assertAnswer(
                    post(service, key, "[" + event(ids.get(0), "k6") + ",{}]"), 400, "event 2: at must be an instant");
            assertAnswer(post(service, key, "[" + " ".repeat(1024 * 1024) + "]"), 413, "up to 1 MB");

            mirror.jdbc.sql("rename table view_count to gone").update();
            assertAnswer(post(service, key, event(ids.get(0), "k7")), 503, "send them again");
            mirror.jdbc.sql("rename table gone to view_count").update();
            assertThat(service.get("/console/reports").body()).contains("Views of offers, month by month");

            String leaked = packed.run("api-key", "add", "leaked").output().strip();
            // The service learns of a new key within three seconds.
            await().until(() -> post(service, leaked, "[]").statusCode() == 202);
            assertAnswer(post(service, leaked, one), 202, "{\"counted\":1,\"repeated\":0,\"unknown\":0}");
            assertThat(packed.run("api-key", "revoke", "leaked").output().strip())
                    .isEqualTo("Revoked: leaked");
            assertThat(packed.run("api-key", "revoke", "leaked", "--discard-views"))
                    .satisfies(ended -> assertThat(ended.exitCode()).isZero())
                    .extracting(Packed.Ended::output)
                    .asString()
                    .contains(
                            "There is no key named leaked",
                            YearMonth.now(ZoneId.of("Europe/Paris")) + ": 1 views subtracted");
            assertThat(packed.run("api-key", "revoke", "leaked", "--discard-views"))
                    .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(1))
                    .extracting(Packed.Ended::output)
                    .asString()
                    .contains("No view in an open month was reported with a key of this name");

            String spammer = packed.run("api-key", "add", "spammer").output().strip();
            await().until(() -> post(service, spammer, "[]").statusCode() == 202);
            CompletableFuture<Packed.Ended> discarded = CompletableFuture.supplyAsync(() -> {
                try {
                    return packed.run("api-key", "revoke", "spammer", "--discard-views");
                } catch (Exception e) {
                    throw new CompletionException(e);
                }
            });
            AtomicInteger reported = new AtomicInteger();
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> post(service, spammer, event(ids.get(0), "s" + reported.incrementAndGet()))
                                    .statusCode()
                            == 401);
            assertThat(discarded.get(1, TimeUnit.MINUTES).output())
                    .contains(": " + (reported.get() - 1) + " views subtracted");
            assertThat(mirror.jdbc
                            .sql("select sum(views) from view_count where reporter = 'spammer'")
                            .query(Long.class)
                            .single())
                    .as("views that were reported before the service refused the key")
                    .isZero();

            packed.run("api-key", "revoke", "site");
            // Keys are cached for a few seconds.
            await().until(() -> post(service, key, one).statusCode() == 401);
            assertAnswer(post(service, key, one), 401, "Authorization: Bearer KEY");
        }

        String month = YearMonth.now(ZoneId.of("Europe/Paris")).toString();
        String csv = "mois;perimetre;identifiant_offre;consultations\r\n" + month + ";ENSEMBLE;;3\r\n" + month
                + ";OFFRE;" + ids.get(0) + ";2\r\n" + month + ";OFFRE;" + ids.get(1) + ";1\r\n";
        assertThat(packed.run("report", month).output()).isEqualTo(csv);
        Path file = folder.resolve("report.csv");
        assertThat(packed.run("report", month, "--to", file.toString()).output())
                .contains("Report of " + month + " open: 3 views of 2 offers");
        assertThat(Files.readString(file)).isEqualTo(csv);
        assertThat(packed.run("report", month, "--send"))
                .satisfies(ended -> assertThat(ended.exitCode()).isEqualTo(1))
                .extracting(Packed.Ended::output)
                .asString()
                .contains("is not over")
                .doesNotContain("\tat ");
        assertThat(packed.run("report", "2020-01").output())
                .contains("No view was counted")
                .doesNotContain("\tat ");
        assertThat(packed.run("report", "yesterday").output())
                .contains("Usage: ")
                .doesNotContain("\tat ");
    }

    /** Views without an answer are sent again. In the end, each view must be counted once. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("fr.relais.Seeds#one")
    void no_view_is_lost_or_counted_twice_when_the_process_is_killed(int seed) throws Exception {
        Random random = new Random(seed);
        int sent = 0;
        ConcurrentLinkedQueue<String> unanswered = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        for (int kill = 0; kill <= KILLS; kill++) {
            boolean last = kill == KILLS;
            try (Packed.Service service = packed.start()) {
                for (int i = 0; i < (last ? 0 : 1_000); i++) {
                    unanswered.add(event(ids.get(random.nextInt(ids.size())), "event" + sent++));
                }
                int until = answered.get() + random.nextInt(900);
                List<CompletableFuture<Void>> writers = IntStream.range(0, WRITERS)
                        .mapToObj(writer -> CompletableFuture.runAsync(() -> write(service, unanswered, answered)))
                        .toList();
                if (!last) {
                    await().pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> answered.get() >= until);
                    service.process().destroyForcibly().waitFor();
                }
                writers.forEach(CompletableFuture::join);
            }
            int counted = mirror.jdbc
                    .sql("select coalesce(sum(views), 0) from view_count")
                    .query(Integer.class)
                    .single();
            // Views that were committed but not answered are sent again later.
            assertThat(counted).isBetween(answered.get(), answered.get() + (kill + 1) * WRITERS * 3);
        }

        assertThat(unanswered).isEmpty();
        assertThat(answered.get()).isEqualTo(sent);
        String month = YearMonth.now(ZoneId.of("Europe/Paris")).toString();
        List<String> lines = packed.run("report", month).output().lines().toList();
        assertThat(lines.get(1)).isEqualTo(month + ";ENSEMBLE;;" + sent);
        assertThat(lines.stream()
                        .skip(2)
                        .mapToInt(line -> Integer.parseInt(line.split(";")[3]))
                        .sum())
                .isEqualTo(sent);
        System.out.println("Views: " + sent + " sent, " + KILLS + " kills, seed " + seed + ", all counted once");
    }

    /** Sends views until none is left or the service no longer answers. */
    private void write(Packed.Service service, ConcurrentLinkedQueue<String> unanswered, AtomicInteger answered) {
        List<String> some = new ArrayList<>();
        try {
            for (String next = unanswered.poll(); next != null; next = unanswered.poll()) {
                some.add(next);
                while (some.size() < 3 && unanswered.peek() != null && some.hashCode() % 2 == 0) {
                    String another = unanswered.poll();
                    if (another != null) {
                        some.add(another);
                    }
                }
                HttpResponse<String> answer = post(service, key, "[" + String.join(",", some) + "]");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                answered.addAndGet(some.size());
                some.clear();
            }
        } catch (IOException e) {
            unanswered.addAll(some);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String words) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/json");
        assertThat(new ObjectMapper().readTree(answer.body()).toString()).contains(words);
    }

    private static HttpResponse<String> post(Packed.Service service, String key, String json)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.address() + "/api/views"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .POST(HttpRequest.BodyPublishers.ofString(json, UTF_8));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String event(String id, String key) {
        return "{\"offerId\":\"%s\",\"at\":\"%s\",\"key\":\"%s\"}".formatted(id, Instant.now(), key);
    }
}
