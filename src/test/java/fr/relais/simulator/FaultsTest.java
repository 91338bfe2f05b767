package fr.relais.simulator;

import static fr.relais.simulator.ApiClient.contentRange;
import static fr.relais.simulator.ApiClient.header;
import static fr.relais.simulator.ApiClient.ids;
import static fr.relais.simulator.ApiClient.json;
import static fr.relais.simulator.ApiClient.offers;
import static fr.relais.simulator.ApiClient.total;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tests the effect of each {@link FaultKind} on a client, and when faults happen. */
class FaultsTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
    private static final String SECOND_PAGE = "sort=1&range=100-199";
    private static final int TOTAL = 230;

    /** A number of calls that is sufficient for every variant of a kind. */
    private static final int ENOUGH_CALLS = 40;

    private SourceSimulator simulator;
    private ApiClient client;
    private String id;

    @BeforeEach
    void start() throws Exception {
        simulator = SourceSimulator.start(SimulatorOptions.defaults().withClock(new SettableClock(NOW)));
        new OfferGenerator(7).fill(simulator.base(), TOTAL, NOW, Duration.ofDays(30), "1");
        id = new TreeSet<>(simulator.base().ids()).first();
        client = new ApiClient(simulator);
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Nested
    class Sequence {

        @ParameterizedTest
        @EnumSource
        void a_fault_happens_only_at_the_endpoints_of_its_kind(FaultKind kind) throws Exception {
            client.useTimeout(
                    Duration.ofSeconds(kind == FaultKind.HANG ? 0 : 30).plusMillis(100));
            for (Call.Kind call : Call.Kind.values()) {
                Faults faults = inject(kind);

                String disturbed = outcome(call);

                // A client that has given up may be faster than the simulator.
                await().until(() -> faults.count(kind) == (kind.happensTo(call) ? 1 : 0));
                assertThat(faults.counts()).hasSize(kind.happensTo(call) ? 1 : 0);
                if (!kind.happensTo(call)) {
                    assertThat(disturbed).matches("20[06] .*");
                }
            }
        }

        @Test
        void the_same_seed_gives_the_same_faults() throws Exception {
            List<String> outcomes = outcomes(11);

            assertThat(outcomes(11)).isEqualTo(outcomes);
            assertThat(outcomes(12)).isNotEqualTo(outcomes);
            assertThat(new HashSet<>(outcomes)).hasSizeGreaterThan(20);
        }

        @Test
        void faults_at_one_endpoint_do_not_depend_on_calls_to_the_others() throws Exception {
            inject(5, 0.5, quickFaults());
            List<String> alone = new ArrayList<>();
            for (int i = 0; i < ENOUGH_CALLS; i++) {
                alone.add(outcome(Call.Kind.SEARCH));
            }

            inject(5, 0.5, quickFaults());
            List<String> mixed = new ArrayList<>();
            for (int i = 0; i < ENOUGH_CALLS; i++) {
                outcome(Call.Kind.DETAIL);
                mixed.add(outcome(Call.Kind.SEARCH));
            }

            assertThat(mixed).isEqualTo(alone);
        }

        @Test
        void faults_are_as_frequent_as_their_probability() throws Exception {
            Faults faults = inject(1, 0.25, Set.of(FaultKind.UNAVAILABLE, FaultKind.FORBIDDEN));

            for (int i = 0; i < 400; i++) {
                client.detail(id);
            }

            assertThat(faults.count(FaultKind.UNAVAILABLE)).isBetween(30, 70);
            assertThat(faults.count(FaultKind.FORBIDDEN)).isBetween(30, 70);
        }

        @Test
        void stopped_faults_end_at_once() throws Exception {
            Faults faults = inject(FaultKind.BUSY);
            assertThat(client.search("").statusCode()).isEqualTo(429);

            faults.stop();

            assertThat(client.search("").statusCode()).isEqualTo(206);
            assertThat(faults.counts()).isEqualTo(Map.of(FaultKind.BUSY, 1));
        }

        private List<String> outcomes(long seed) throws Exception {
            inject(seed, 0.7, quickFaults());
            List<String> outcomes = new ArrayList<>();
            for (int i = 0; i < ENOUGH_CALLS; i++) {
                outcomes.add(outcome(Call.Kind.SEARCH));
                outcomes.add(outcome(Call.Kind.DETAIL));
            }
            return outcomes;
        }

        /** Returns the faults that take little time and need no new token. */
        private Set<FaultKind> quickFaults() {
            return EnumSet.complementOf(
                    EnumSet.of(FaultKind.HANG, FaultKind.SLOW, FaultKind.ENDLESS, FaultKind.TOKEN_EXPIRED));
        }
    }

    @Nested
    class Status {

        @ParameterizedTest
        @CsvSource({
            "ERROR_JSON, 500, application/json;charset=UTF-8, {\"codeErreur\"",
            "ERROR_HTML, 500, text/html;charset=UTF-8, <!DOCTYPE html>",
            "BAD_GATEWAY, 502, text/html;charset=UTF-8, <!DOCTYPE html>",
            "HTML, 200, text/html;charset=UTF-8, <!DOCTYPE html>"
        })
        void a_faulty_answer_has_a_body(FaultKind kind, int status, String type, String start) throws Exception {
            inject(kind);

            for (HttpResponse<byte[]> answer : answersOfAllEndpoints()) {
                assertThat(answer.statusCode()).isEqualTo(status);
                assertThat(header(answer, "Content-Type")).isEqualTo(type);
                assertThat(new String(answer.body(), UTF_8)).startsWith(start);
            }
        }

        @Test
        void an_unavailable_source_answers_503_without_a_body() throws Exception {
            inject(FaultKind.UNAVAILABLE);

            assertThat(answersOfAllEndpoints()).allSatisfy(answer -> assertEmpty(answer, 503));
        }

        @Test
        void a_forbidden_call_gets_403_without_a_body() throws Exception {
            inject(FaultKind.FORBIDDEN);

            assertEmpty(client.search(""), 403);
            assertEmpty(client.detail(id), 403);
        }

        @Test
        void a_call_with_any_token_is_unauthorized() throws Exception {
            inject(FaultKind.UNAUTHORIZED);
            renewToken();

            for (HttpResponse<byte[]> answer : List.of(client.search(""), client.detail(id))) {
                assertEmpty(answer, 401);
                assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer");
            }
        }

        @Test
        void an_expired_token_is_refused_until_it_is_renewed() throws Exception {
            Faults faults = inject(FaultKind.TOKEN_EXPIRED);

            assertEmpty(client.search(""), 401);
            faults.stop();
            assertEmpty(client.search(""), 401);
            renewToken();
            assertThat(client.search("").statusCode()).isEqualTo(206);
        }

        @Test
        void only_the_token_endpoint_refuses_the_credentials() throws Exception {
            inject(FaultKind.REFUSED_CREDENTIALS);

            HttpResponse<byte[]> answer = client.requestToken(Map.of());

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json(answer).get("error").asText()).isEqualTo("invalid_client");
            assertThat(client.search("").statusCode()).isEqualTo(206);
        }

        @Test
        void a_busy_source_refuses_consecutive_calls_with_varying_retry_after() throws Exception {
            Faults faults = inject(1, 0.1, Set.of(FaultKind.BUSY));
            List<Integer> statuses = new ArrayList<>();
            Set<String> pauses = new TreeSet<>();
            for (int i = 0; i < 200; i++) {
                HttpResponse<byte[]> answer = client.search("range=0-0");
                statuses.add(answer.statusCode());
                answer.headers().firstValue("Retry-After").ifPresent(pauses::add);
            }

            assertThat(pauses).containsExactlyInAnyOrder("0", "1", "Thu, 01 Jan 2015 00:00:00 GMT", "plus tard");
            List<Integer> lengths = runs(statuses, 429);
            assertThat(lengths).hasSizeGreaterThan(5).allMatch(length -> length >= 2);
            assertThat(lengths.stream().mapToInt(length -> length).sum()).isEqualTo(faults.count(FaultKind.BUSY));
        }

        private List<Integer> runs(List<Integer> statuses, int wanted) {
            List<Integer> runs = new ArrayList<>();
            int length = 0;
            for (int status : statuses) {
                if (status == wanted) {
                    length++;
                } else if (length > 0) {
                    runs.add(length);
                    length = 0;
                }
            }
            assertThat(length).as("length of the run at the end").isZero();
            return runs;
        }
    }

    @Nested
    class Connection {

        @Test
        void more_calls_can_hang_than_the_server_has_threads() throws Exception {
            Faults faults = inject(FaultKind.HANG);
            client.useTimeout(Duration.ofMillis(100));
            for (int i = 0; i < 20; i++) {
                assertThatThrownBy(() -> client.search("")).isInstanceOf(HttpTimeoutException.class);
            }

            faults.stop();
            // Shorter than the time that remains until the hanging calls are dropped.
            client.useTimeout(Faults.LONGEST_HANG.dividedBy(3));

            assertThat(client.search("").statusCode()).isEqualTo(206);
            assertThat(faults.count(FaultKind.HANG)).isEqualTo(20);
        }

        @Test
        void a_hanging_call_ends_when_the_simulator_closes() {
            Faults faults = inject(FaultKind.HANG);
            CompletableFuture<Void> call = CompletableFuture.runAsync(() -> assertDropped(() -> client.detail(id)));
            await().until(() -> faults.count(FaultKind.HANG) == 1);
            assertThat(call).isNotDone();

            simulator.close();

            assertThat(call).succeedsWithin(Duration.ofSeconds(2));
        }

        @Test
        void a_hanging_call_is_dropped_after_its_time_limit() {
            simulator.onCall(new Fault() {
                @Override
                public boolean answer(HttpExchange exchange, Call call) {
                    return false;
                }

                @Override
                public Reply reply(Call call, Truth truth) {
                    return Replies.hanging(Duration.ofMillis(50));
                }
            });

            assertDropped(() -> client.search(""));
        }

        @Test
        void a_slow_answer_is_complete_and_unchanged() throws Exception {
            HttpResponse<byte[]> truth = client.search(SECOND_PAGE);
            Faults faults = inject(FaultKind.SLOW);
            long start = System.nanoTime();

            HttpResponse<InputStream> answer =
                    client.send(request("/v2/offres/search?" + SECOND_PAGE), BodyHandlers.ofInputStream());
            byte[] body = answer.body().readAllBytes();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(millis(200), millis(5_000));
            assertThat(answer.statusCode()).isEqualTo(206);
            assertThat(contentRange(answer)).isEqualTo(contentRange(truth));
            assertThat(body).isEqualTo(truth.body());
            assertThat(faults.count(FaultKind.SLOW)).isEqualTo(1);
        }

        @Test
        void an_answer_without_a_body_is_slow_as_well() throws Exception {
            inject(FaultKind.SLOW);
            long start = System.nanoTime();

            assertEmpty(client.detail("0000000"), 204);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(millis(200), millis(5_000));
        }

        @Test
        void an_endless_body_is_dropped_at_its_size_limit() throws Exception {
            inject(FaultKind.ENDLESS);

            HttpResponse<InputStream> answer = client.send(request("/v2/offres/search"), BodyHandlers.ofInputStream());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Length")).isEmpty();
            InputStream body = answer.body();
            assertThat(new String(body.readNBytes(14), UTF_8)).isEqualTo("{\"resultats\":[");
            byte[] block = new byte[64 * 1024];
            int received = 0;
            try {
                for (int read = body.read(block); read >= 0; read = body.read(block)) {
                    received += read;
                }
                throw new AssertionError("the body ended, but should be endless");
            } catch (IOException e) {
                assertThat(received).isBetween(Faults.LONGEST_BODY / 4 * 3, Faults.LONGEST_BODY);
            }
        }

        @Test
        void a_client_may_disconnect_during_an_endless_body() throws Exception {
            Faults faults = inject(FaultKind.ENDLESS);
            for (int i = 0; i < 20; i++) {
                try (InputStream body = client.send(request("/v2/offres/" + id), BodyHandlers.ofInputStream())
                        .body()) {
                    assertThat(body.readNBytes(200_000)).hasSize(200_000);
                }
            }

            faults.stop();

            assertThat(client.search("").statusCode()).isEqualTo(206);
        }

        @Test
        void a_connection_is_dropped_in_the_middle_of_the_body() throws Exception {
            HttpResponse<byte[]> truth = client.search(SECOND_PAGE);
            inject(FaultKind.RESET);

            HttpResponse<InputStream> answer =
                    client.send(request("/v2/offres/search?" + SECOND_PAGE), BodyHandlers.ofInputStream());

            assertThat(answer.statusCode()).isEqualTo(206);
            assertThat(header(answer, "Content-Length")).isEqualTo(String.valueOf(truth.body().length));
            assertThat(answer.body().readNBytes(truth.body().length / 4))
                    .isEqualTo(Arrays.copyOf(truth.body(), truth.body().length / 4));
            assertThatThrownBy(() -> answer.body().readAllBytes()).isInstanceOf(IOException.class);
            assertDropped(() -> client.detail(id));
            assertDropped(() -> client.requestToken(Map.of()));
        }

        private void assertDropped(ThrowingCallable call) {
            assertThatThrownBy(call).isInstanceOf(IOException.class).isNotInstanceOf(HttpTimeoutException.class);
        }
    }

    @Nested
    class Body {

        @Test
        void a_truncated_body_is_valid_http_but_not_json() throws Exception {
            byte[] truth = client.search(SECOND_PAGE).body();
            inject(FaultKind.TRUNCATED);

            HttpResponse<byte[]> answer = client.search(SECOND_PAGE);

            assertThat(answer.statusCode()).isEqualTo(206);
            assertThat(total(answer)).isEqualTo(TOTAL);
            assertThat(answer.body()).isEqualTo(Arrays.copyOf(truth, truth.length / 2));
            assertThatThrownBy(() -> offers(answer)).isInstanceOf(IOException.class);
        }

        @Test
        void an_empty_answer_may_be_an_empty_page() throws Exception {
            inject(FaultKind.EMPTY);
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < ENOUGH_CALLS; i++) {
                HttpResponse<byte[]> answer = client.search(SECOND_PAGE);
                seen.add(answer.statusCode() + " " + new String(answer.body(), UTF_8));
            }

            assertThat(seen).containsExactly("200 ", "206 {\"resultats\":[],\"filtresPossibles\":[]}");
            assertEmpty(client.detail(id), 200);
            assertEmpty(client.requestToken(Map.of()), 200);
        }

        @Test
        void a_search_that_matches_offers_is_answered_with_204() throws Exception {
            HttpResponse<byte[]> truth = client.search("range=1000-1001");
            Faults faults = inject(FaultKind.FALSELY_EMPTY);

            HttpResponse<byte[]> answer = client.search(SECOND_PAGE);

            assertEmpty(answer, 204);
            assertThat(contentRange(answer)).isEqualTo(contentRange(truth));
            assertEmpty(client.search("range=1000-1001"), 204);
            assertThat(faults.count(FaultKind.FALSELY_EMPTY)).isEqualTo(1);
            assertThat(client.detail(id).statusCode()).isEqualTo(200);
        }

        @Test
        void every_search_and_every_offer_is_denied() throws Exception {
            inject(FaultKind.DENIAL);

            HttpResponse<byte[]> search = client.search(SECOND_PAGE);

            assertEmpty(search, 204);
            assertThat(contentRange(search)).isEqualTo("offres */0");
            assertEmpty(client.detail(id), 204);
        }

        @Test
        void a_wrong_total_leaves_the_page_unchanged() throws Exception {
            byte[] truth = client.search(SECOND_PAGE).body();
            inject(FaultKind.WRONG_TOTAL);
            Set<Integer> totals = new TreeSet<>();
            for (int i = 0; i < 2 * ENOUGH_CALLS; i++) {
                HttpResponse<byte[]> answer = client.search(SECOND_PAGE);
                assertThat(answer.body()).isEqualTo(truth);
                assertThat(contentRange(answer)).startsWith("offres 100-199/");
                totals.add(total(answer));
            }

            assertThat(totals).containsExactly(225, 226, 227, 228, 229, 231, 232, 233, 234, 235);
            // A total below the last position of the page would be a different fault.
            for (int i = 0; i < ENOUGH_CALLS; i++) {
                assertThat(total(client.search("range=200-299"))).isGreaterThan(TOTAL);
            }
        }

        @Test
        void a_page_has_fewer_offers_than_announced() throws Exception {
            JsonNode truth = json(client.search(SECOND_PAGE));
            inject(FaultKind.MISSING_OFFERS);
            Set<Integer> sizes = new TreeSet<>();
            for (int i = 0; i < ENOUGH_CALLS; i++) {
                HttpResponse<byte[]> answer = client.search(SECOND_PAGE);
                assertThat(answer.statusCode()).isEqualTo(206);
                assertThat(contentRange(answer)).isEqualTo("offres 100-199/" + TOTAL);
                assertThat(json(answer).get("filtresPossibles")).isEqualTo(truth.get("filtresPossibles"));
                assertThat(truth.get("resultats")).containsAll(offers(answer));
                sizes.add(offers(answer).size());
            }

            assertThat(sizes).containsExactly(0, 99);
        }

        @ParameterizedTest
        @CsvSource({"100-199, 0-99", "0-99, 100-199", "200-299, 170-199", "0-0, 1-1"})
        void a_page_contains_the_offers_of_another_page(String range, String other) throws Exception {
            HttpResponse<byte[]> truth = client.search("sort=1&range=" + range);
            List<String> otherIds = ids(client.search("sort=1&range=" + other));
            inject(FaultKind.OTHER_PAGE);

            HttpResponse<byte[]> answer = client.search("sort=1&range=" + range);

            assertThat(answer.statusCode()).isEqualTo(206);
            assertThat(contentRange(answer)).isEqualTo(contentRange(truth));
            assertThat(ids(answer)).isEqualTo(otherIds).doesNotContainAnyElementsOf(ids(truth));
        }

        @Test
        void a_page_is_unchanged_when_there_is_no_other_page() throws Exception {
            byte[] truth = client.search("sort=1&range=0-149").body();
            Faults faults = inject(FaultKind.OTHER_PAGE);

            assertThat(client.search("sort=1&range=0-149").body()).isEqualTo(truth);
            assertThat(faults.counts()).isEmpty();
        }

        @Test
        void a_page_contains_one_unusable_record() throws Exception {
            List<JsonNode> truth = new ArrayList<>();
            offers(client.search(SECOND_PAGE)).forEach(truth::add);
            inject(FaultKind.MALFORMED);
            Set<String> seen = new TreeSet<>();
            for (int i = 0; i < ENOUGH_CALLS; i++) {
                HttpResponse<byte[]> answer = client.search(SECOND_PAGE);
                assertThat(contentRange(answer)).isEqualTo("offres 100-199/" + TOTAL);
                seen.add(problem(answer.body(), truth));
            }

            assertThat(seen).containsExactly("id is not text", "no id", "not UTF-8", "not an object");
        }

        @Test
        void an_answer_is_nested_too_deeply_to_build_a_tree() throws Exception {
            List<String> truth = ids(client.search(SECOND_PAGE));
            inject(FaultKind.DEEPLY_NESTED);

            HttpResponse<byte[]> answer = client.search(SECOND_PAGE);

            assertThatThrownBy(() -> json(answer)).hasMessageContaining("nesting depth");
            int deepest = 0;
            int ids = 0;
            try (JsonParser json = unlimited().createParser(new ByteArrayInputStream(answer.body()))) {
                int depth = 0;
                for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                    depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                    deepest = Math.max(deepest, depth);
                    if (token == JsonToken.VALUE_STRING && truth.contains(json.getText())) {
                        ids++;
                    }
                }
            }
            assertThat(deepest).isEqualTo(100_001);
            assertThat(ids).isGreaterThanOrEqualTo(100);
            assertThat(new String(client.detail(id).body(), UTF_8)).startsWith("{\"profondeur\":[[[[");
        }

        private String problem(byte[] body, List<JsonNode> truth) throws Exception {
            try {
                UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            } catch (CharacterCodingException e) {
                return "not UTF-8";
            }
            List<JsonNode> altered = new ArrayList<>();
            JsonNode offers = new ObjectMapper().readTree(body).get("resultats");
            offers.forEach(altered::add);
            assertThat(altered).hasSameSizeAs(truth);
            altered.removeAll(truth);
            assertThat(altered).hasSize(1);
            JsonNode record = altered.get(0);
            if (!record.isObject()) {
                return "not an object";
            }
            return !record.has("id") ? "no id" : record.get("id").isTextual() ? "no problem" : "id is not text";
        }

        private JsonFactory unlimited() {
            return JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Integer.MAX_VALUE)
                            .build())
                    .build();
        }
    }

    private Faults inject(FaultKind kind) {
        return inject(3, 1, Set.of(kind));
    }

    private Faults inject(long seed, double probability, Set<FaultKind> kinds) {
        Faults faults = Faults.of(seed, probability, kinds);
        simulator.onCall(faults);
        return faults;
    }

    private void renewToken() throws Exception {
        client.useToken(json(client.requestToken(Map.of())).get("access_token").asText());
    }

    /** Calls each endpoint once and returns the answers. */
    private List<HttpResponse<byte[]>> answersOfAllEndpoints() throws Exception {
        return List.of(client.requestToken(Map.of()), client.search(SECOND_PAGE), client.detail(id));
    }

    /** Makes a call and describes its answer in one line. */
    private String outcome(Call.Kind call) throws Exception {
        try {
            HttpResponse<byte[]> answer =
                    switch (call) {
                        case TOKEN -> client.requestToken(Map.of());
                        case SEARCH -> client.search(SECOND_PAGE);
                        case DETAIL -> client.detail(id);
                    };
            return "%d %s %s %d"
                    .formatted(
                            answer.statusCode(),
                            answer.headers().firstValue("Content-Range").orElse(""),
                            answer.headers().firstValue("Retry-After").orElse(""),
                            Arrays.hashCode(answer.body()));
        } catch (IOException e) {
            return "no answer";
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path));
    }

    private static void assertEmpty(HttpResponse<byte[]> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
