package fr.relais.simulator;

import static fr.relais.simulator.ApiClient.between;
import static fr.relais.simulator.ApiClient.contentRange;
import static fr.relais.simulator.ApiClient.encoded;
import static fr.relais.simulator.ApiClient.header;
import static fr.relais.simulator.ApiClient.ids;
import static fr.relais.simulator.ApiClient.json;
import static fr.relais.simulator.ApiClient.offers;
import static fr.relais.simulator.ApiClient.total;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that the simulator keeps the contract of the source's API, over HTTP as a client sees it. */
class SourceSimulatorTest {

    private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");

    private final SettableClock clock = new SettableClock(NOW);
    private final OfferGenerator generator = new OfferGenerator(7);
    private SourceSimulator simulator;
    private ApiClient client;

    @AfterEach
    void stop() {
        if (simulator != null) {
            simulator.close();
        }
    }

    @Nested
    class Token {

        @Test
        void a_client_gets_a_token_for_its_scopes() throws Exception {
            start(options -> options.withTokenLifetime(Duration.ofSeconds(42)));

            JsonNode answer = json(client.requestToken(Map.of()));

            assertThat(answer.get("token_type").asText()).isEqualTo("Bearer");
            assertThat(answer.get("expires_in").asInt()).isEqualTo(42);
            assertThat(answer.get("scope").asText()).isEqualTo("api_offresdemploiv2 o2dsoffre");
            assertThat(answer.get("access_token").asText()).isNotBlank();
            assertThat(answer.has("refresh_token")).isFalse();
        }

        @Test
        void a_token_lives_1499_seconds_by_default() {
            assertThat(SimulatorOptions.defaults().tokenLifetime()).isEqualTo(Duration.ofSeconds(1499));
        }

        @ParameterizedTest
        @CsvSource({
            "grant_type, password, unsupported_grant_type",
            "client_id, someone-else, invalid_client",
            "client_secret, wrong, invalid_client",
            "scope, api_offresdemploiv2, invalid_scope",
            "scope, o2dsoffre, invalid_scope",
            "realm, /individu, invalid_grant"
        })
        void a_token_request_is_refused_with_a_reason(String parameter, String value, String error) throws Exception {
            start();

            HttpResponse<byte[]> answer = client.requestToken(Map.of(parameter, value));

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(json(answer).get("error").asText()).isEqualTo(error);
            assertThat(json(answer).get("error_description").asText()).isNotBlank();
        }

        @Test
        void a_token_may_be_requested_with_the_scope_of_the_application() throws Exception {
            start();

            var answer = client.requestToken(Map.of("scope", "application_PAR_x api_offresdemploiv2 o2dsoffre"));

            assertThat(answer.statusCode()).isEqualTo(200);
        }

        @Test
        void a_token_is_accepted_until_it_expires() throws Exception {
            start();
            put(NOW, "1");

            assertThat(client.search("").statusCode()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(1498));
            assertThat(client.search("").statusCode()).isEqualTo(200);
            clock.advance(Duration.ofSeconds(1));
            assertRefused(client.search(""));
            assertRefused(client.detail("0000001"));
        }

        @Test
        void revoked_and_unknown_tokens_are_refused() throws Exception {
            start();
            simulator.revokeTokens();
            assertRefused(client.search(""));

            client.useToken("unknown");
            assertRefused(client.search(""));
        }

        private void assertRefused(HttpResponse<byte[]> answer) {
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).isEmpty();
            assertThat(header(answer, "WWW-Authenticate")).isEqualTo("Bearer");
        }
    }

    @Nested
    class SearchRange {

        @Test
        void the_pages_of_a_search_get_206_and_together_contain_every_offer() throws Exception {
            start();
            fill(400, "2");

            HttpResponse<byte[]> first = client.search("sort=1&range=0-149");
            HttpResponse<byte[]> last = client.search("sort=1&range=300-449");

            assertThat(first.statusCode()).isEqualTo(206);
            assertThat(header(first, "Content-Range")).isEqualTo("offres 0-149/400");
            assertThat(header(first, "Accept-Range")).isEqualTo("150");
            assertThat(header(first, "Content-Type")).startsWith("application/json");
            assertThat(last.statusCode()).isEqualTo(206);
            assertThat(header(last, "Content-Range")).isEqualTo("offres 300-399/400");
            Set<String> read = new TreeSet<>(ids(first));
            read.addAll(ids(client.search("sort=1&range=150-299")));
            read.addAll(ids(last));
            assertThat(read).isEqualTo(simulator.base().ids());
        }

        @Test
        void a_range_that_contains_all_offers_gets_200() throws Exception {
            start();
            fill(3, "1");

            HttpResponse<byte[]> answer = client.search("range=0-149");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "Content-Range")).isEqualTo("offres 0-2/3");
        }

        @Test
        void a_search_without_a_range_gets_the_first_page() throws Exception {
            start();
            fill(151, "1");

            assertThat(header(client.search(""), "Content-Range")).isEqualTo("offres 0-149/151");
        }

        @Test
        void a_search_without_results_gets_204_without_a_body() throws Exception {
            start();
            fill(3, "1");

            for (String query : List.of("range=3-149", "origineOffre=2")) {
                HttpResponse<byte[]> answer = client.search(query);

                assertThat(answer.statusCode()).isEqualTo(204);
                assertThat(answer.body()).isEmpty();
                assertThat(header(answer, "Content-Range")).isEqualTo("offres */0");
            }
        }

        @ParameterizedTest
        @CsvSource({"3150, 3000-3149, 206", "3150, 3001-3149, 400", "1150, 1000-1149, 206", "1150, 1001-1149, 400"})
        void ranges_beyond_the_window_cap_are_refused(int windowCap, String range, int status) throws Exception {
            start(options -> options.withWindowCap(windowCap));
            fill(3200, "2");

            HttpResponse<byte[]> answer = client.search("range=" + range);

            assertThat(answer.statusCode()).isEqualTo(status);
            if (status == 400) {
                assertThat(message(answer))
                        .isEqualTo("La position de début doit être inférieure ou égale à " + (windowCap - 150) + ".");
            }
        }

        @Test
        void a_range_of_more_than_150_offers_is_refused() throws Exception {
            start();

            assertThat(message(client.search("range=0-150")))
                    .isEqualTo("La plage de résultats demandée est trop importante.");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "0", "a-b", "-1-5", "0-149-", "9-5", "0–9"})
        void a_malformed_range_is_refused(String range) throws Exception {
            start();

            assertThat(message(client.search("range=" + encoded(range))))
                    .isEqualTo("Format du paramètre « range » incorrect. <entier>-<entier> attendu.");
        }
    }

    @Nested
    class CreationDates {

        @ParameterizedTest
        @EnumSource(Bounds.class)
        void the_creation_date_filter_treats_its_bounds_as_configured(Bounds bounds) throws Exception {
            start(options -> options.withBounds(bounds));
            put(NOW.minusSeconds(1), "1");
            String onLower = put(NOW, "1");
            String between = put(NOW.plusSeconds(1), "2");
            String onUpper = put(NOW.plusSeconds(2), "1");
            put(NOW.plusSeconds(3), "1");

            Set<String> expected = new HashSet<>(Set.of(onLower, between, onUpper));
            if (bounds == Bounds.LOWER_EXCLUSIVE) {
                expected.remove(onLower);
            } else if (bounds == Bounds.UPPER_EXCLUSIVE) {
                expected.remove(onUpper);
            }
            assertThat(ids(client.search(between(NOW, NOW.plusSeconds(2)))))
                    .containsExactlyInAnyOrderElementsOf(expected);
        }

        @Test
        void a_filter_of_one_second_with_an_exclusive_bound_matches_nothing() throws Exception {
            start(options -> options.withBounds(Bounds.UPPER_EXCLUSIVE));
            put(NOW, "1");

            assertThat(client.search(between(NOW, NOW)).statusCode()).isEqualTo(204);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "minCreationDate=2026-03-10T00:00:00Z",
                    "maxCreationDate=2026-03-10T00:00:00Z",
                    "minCreationDate=2026-03-10T00:00:00.000Z&maxCreationDate=2026-03-11T00:00:00.000Z",
                    "minCreationDate=2026-03-10T00:00:00&maxCreationDate=2026-03-11T00:00:00",
                    "minCreationDate=2026-02-30T00:00:00Z&maxCreationDate=2026-03-11T00:00:00Z",
                    "minCreationDate=2026-03-10T00:00:01Z&maxCreationDate=2026-03-10T00:00:00Z"
                })
        void incomplete_malformed_and_reversed_creation_dates_are_refused(String query) throws Exception {
            start();

            assertThat(message(client.search(query))).isNotBlank();
        }

        @Test
        void a_filter_shift_hides_the_newest_offers_from_a_search_that_ends_now() throws Exception {
            start(options -> options.withFilterShift(Duration.ofHours(2)));
            put(NOW.minus(Duration.ofMinutes(119)), "1");
            String older = put(NOW.minus(Duration.ofMinutes(121)), "1");

            assertThat(ids(client.search(between(NOW.minus(Duration.ofDays(1)), NOW))))
                    .containsExactly(older);
            assertThat(ids(client.search(between(NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1))))))
                    .hasSize(2);
        }

        @Test
        void the_date_shift_applies_to_the_dates_in_offers_but_not_to_the_filter() throws Exception {
            start(options -> options.withDateShift(Duration.ofHours(2)));
            ObjectNode offer = generator.offer(NOW, "1");
            offer.put("dateActualisation", "2026-03-10T13:00:00.000Z");
            simulator.base().put(offer);

            JsonNode found = offers(client.search(between(NOW, NOW))).get(0);

            assertThat(found.get("dateCreation").asText()).isEqualTo("2026-03-10T14:00:00.000Z");
            assertThat(found.get("dateActualisation").asText()).isEqualTo("2026-03-10T15:00:00.000Z");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 3, 7, 14, 31})
        void offers_can_be_filtered_by_the_number_of_days_published(int days) throws Exception {
            start();
            String recent = put(NOW.minus(Duration.ofDays(days)), "1");
            put(NOW.minus(Duration.ofDays(days)).minusSeconds(1), "1");

            assertThat(ids(client.search("publieeDepuis=" + days))).containsExactly(recent);
        }

        @Test
        void any_other_number_of_days_published_is_refused() throws Exception {
            start();

            assertThat(message(client.search("publieeDepuis=2"))).isNotBlank();
        }
    }

    @Nested
    class SearchOrder {

        @Test
        void the_order_is_newest_first_with_sort_1() throws Exception {
            start();
            String oldest = put(NOW.minusSeconds(2), "1");
            String newest = put(NOW, "2");
            String middle = put(NOW.minusSeconds(1), "1");

            assertThat(ids(client.search("sort=1"))).containsExactly(newest, middle, oldest);
        }

        @Test
        void without_sort_offers_of_origin_1_come_first() throws Exception {
            start();
            fill(160, "1");
            String newest = put(NOW.plusSeconds(1), "2");

            assertThat(ids(client.search("range=0-149"))).doesNotContain(newest);
            assertThat(ids(client.search("range=150-299"))).last().isEqualTo(newest);
        }

        @Test
        void the_order_is_the_same_on_every_call() throws Exception {
            start();
            putTies(5);

            assertThat(ids(client.search("sort=1"))).isEqualTo(ids(client.search("sort=1")));
        }

        @Test
        void shuffling_ties_changes_the_order_of_offers_of_one_second_on_every_call() throws Exception {
            start(options -> options.withShuffleTies(true));
            putTies(5);
            String newest = put(NOW.plusSeconds(1), "1");
            String oldest = put(NOW.minusSeconds(1), "1");

            List<String> first = ids(client.search("sort=1"));
            List<String> second = ids(client.search("sort=1"));

            assertThat(second).isNotEqualTo(first).containsExactlyInAnyOrderElementsOf(first);
            assertThat(second).startsWith(newest).endsWith(oldest);
        }

        private void putTies(int count) {
            for (int i = 0; i < count; i++) {
                put(NOW, "1");
            }
        }
    }

    @Nested
    class Filters {

        @Test
        void a_filter_by_origin_matches_that_origin_only() throws Exception {
            start();
            String own = put(NOW, "1");
            String partners = put(NOW, "2");

            assertThat(ids(client.search("origineOffre=1"))).containsExactly(own);
            assertThat(ids(client.search("origineOffre=2"))).containsExactly(partners);
        }

        @Test
        void filters_by_place_and_trade_accept_several_values() throws Exception {
            start();
            plant(
                    "P1",
                    "{\"lieuTravail\":{\"libelle\":\"2A - AJACCIO\",\"commune\":\"2A004\"},\"romeCode\":\"G1602\"}");
            plant("P2", "{\"lieuTravail\":{\"libelle\":\"974 - ST DENIS\"},\"romeCode\":\"M1805\"}");
            plant("P3", "{\"lieuTravail\":{\"libelle\":\"France\"},\"romeCode\":\"K2204\"}");

            assertThat(contentRange(client.search("departement=2A"))).isEqualTo("offres 0-0/1");
            assertThat(contentRange(client.search("departement=974,2A,01,02,03")))
                    .isEqualTo("offres 0-1/2");
            assertThat(contentRange(client.search("commune=2A004"))).isEqualTo("offres 0-0/1");
            assertThat(contentRange(client.search("codeROME=K2204,M1805"))).isEqualTo("offres 0-1/2");
            assertThat(contentRange(client.search("codeROME=K2204&departement=2A")))
                    .isEqualTo("offres */0");
        }

        @Test
        void filters_with_too_many_or_invalid_values_are_refused() throws Exception {
            start();

            assertThat(message(client.search("departement=01,02,03,04,05,06"))).contains("departement");
            assertThat(message(client.search("commune=01053,05061,06088,13201,25056,29019")))
                    .contains("commune");
            assertThat(message(client.search("codeROME=" + "G1602,".repeat(200) + "M1805")))
                    .contains("codeROME");
            assertThat(message(client.search("experience=5"))).contains("experience");
            assertThat(message(client.search("qualification=1"))).contains("qualification");
        }

        @Test
        void unknown_filters_are_silently_ignored() throws Exception {
            start();
            fill(5, "1");

            assertThat(contentRange(client.search("dateActualisationMin=2026-03-10T00:00:00Z&typecontrat=CDI")))
                    .isEqualTo("offres 0-4/5");
        }
    }

    @Nested
    class Facets {

        @Test
        void each_facet_adds_up_to_the_total_and_each_value_filters_exactly_its_offers() throws Exception {
            start();
            fill(500, "2");
            plant("NOTHING", "{}");

            JsonNode facets = json(client.search("range=0-0")).get("filtresPossibles");

            assertThat(facets.findValuesAsText("filtre"))
                    .containsExactly("typeContrat", "experience", "qualification", "natureContrat");
            for (JsonNode facet : facets) {
                String name = facet.get("filtre").asText();
                int sum = 0;
                for (JsonNode value : facet.get("agregation")) {
                    int count = value.get("nbResultats").asInt();
                    String filter =
                            name + "=" + encoded(value.get("valeurPossible").asText());
                    assertThat(total(client.search(filter))).as(filter).isEqualTo(count);
                    sum += count;
                }
                assertThat(sum).as(name).isEqualTo(501);
            }
        }

        @Test
        void facets_count_only_the_matching_offers() throws Exception {
            start();
            plant("A", "{\"typeContrat\":\"CDI\"}");
            plant("B", "{\"typeContrat\":\"CDD\"}");

            JsonNode answer = json(client.search("typeContrat=CDI"));

            assertThat(answer.at("/filtresPossibles/0/agregation")).hasSize(1);
            assertThat(answer.at("/filtresPossibles/0/agregation/0/valeurPossible")
                            .asText())
                    .isEqualTo("CDI");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                value = {
                    "natureContrat=E1; {\"natureContrat\":\"Contrat travail\"}",
                    "natureContrat=E2; {\"natureContrat\":\"Contrat apprentissage\"}",
                    "natureContrat=ND; {\"natureContrat\":\"Autre chose\"}",
                    "experience=0; {}",
                    "experience=1; {\"experienceExige\":\"D\",\"experienceLibelle\":\"Débutant accepté\"}",
                    "experience=1; {\"experienceExige\":\"E\",\"experienceLibelle\":\"6 Mois\"}",
                    "experience=2; {\"experienceExige\":\"E\",\"experienceLibelle\":\"2 An(s)\"}",
                    "experience=3; {\"experienceExige\":\"E\",\"experienceLibelle\":\"5 An(s)\"}",
                    "experience=4; {\"experienceExige\":\"S\",\"experienceLibelle\":\"Expérience souhaitée\"}",
                    "qualification=9; {\"qualificationCode\":\"9\"}",
                    "qualification=0; {\"qualificationCode\":\"6\"}",
                    "typeContrat=ND; {\"typeContrat\":null}"
                })
        void facet_values_are_derived_from_the_fields_of_an_offer(String filter, String offer) throws Exception {
            start();
            plant("PLANTED", offer);

            assertThat(total(client.search(filter))).isEqualTo(1);
        }
    }

    @Nested
    class Detail {

        @Test
        void a_request_for_one_offer_gets_the_same_json_as_a_search() throws Exception {
            start();
            String id = put(NOW, "1");

            HttpResponse<byte[]> answer = client.detail(id);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo(simulator.base().content(id));
            assertThat(json(answer)).isEqualTo(offers(client.search("")).get(0));
        }

        @Test
        void a_request_for_a_removed_offer_gets_204_without_a_body() throws Exception {
            start();
            String id = put(NOW, "1");
            simulator.base().remove(id);

            HttpResponse<byte[]> answer = client.detail(id);

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"12", "12345678", "123-567", "été", "a/b"})
        void a_malformed_id_is_refused(String id) throws Exception {
            start();

            HttpResponse<byte[]> answer = client.detail(id);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(message(answer)).contains("identifiant");
        }
    }

    @Nested
    class Rate {

        @Test
        void the_rate_limit_allows_the_calls_of_one_second_and_refuses_others_until_it_refills() throws Exception {
            start(options -> options.withCallsPerSecond(3));
            put(NOW, "1");
            assertThat(header(client.search(""), "X-Ratelimit-Remaining-Offresdemploiv2"))
                    .isEqualTo("2");
            assertThat(client.search("").statusCode()).isEqualTo(200);
            assertThat(client.detail("0000000").statusCode()).isEqualTo(204);

            HttpResponse<byte[]> refused = client.detail("0000000");

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(header(refused, "Content-Type")).startsWith("text/plain");
            assertThat(header(refused, "Retry-After")).isEqualTo("1");
            assertThat(header(refused, "X-Ratelimit-Remaining-Offresdemploiv2")).isEqualTo("0");
            assertThat(header(refused, "X-Ratelimit-Burst-Capacity-Offresdemploiv2"))
                    .isEqualTo("3");
            assertThat(header(refused, "X-Ratelimit-Replenish-Rate-Offresdemploiv2"))
                    .isEqualTo("3");
            assertThat(simulator.refusedByRate()).isEqualTo(1);

            clock.advance(Duration.ofMillis(334));
            assertThat(client.search("").statusCode()).isEqualTo(200);
            assertThat(client.search("").statusCode()).isEqualTo(429);
        }

        @Test
        void the_rate_limit_does_not_apply_to_token_requests() throws Exception {
            start(options -> options.withCallsPerSecond(1));

            assertThat(client.requestToken(Map.of()).statusCode()).isEqualTo(200);
            assertThat(client.requestToken(Map.of()).statusCode()).isEqualTo(200);
        }

        @Test
        void there_is_no_rate_limit_by_default() throws Exception {
            start();

            HttpResponse<byte[]> answer = client.search("");

            assertThat(answer.headers().map().keySet()).noneMatch(name -> name.startsWith("x-ratelimit"));
        }
    }

    @Nested
    class Counters {

        @Test
        void calls_are_counted_by_kind_and_all_times_but_those_of_token_requests_are_kept() throws Exception {
            start();
            simulator.resetCounters();

            client.requestToken(Map.of("client_secret", "wrong"));
            client.search("range=oops");
            clock.advance(Duration.ofSeconds(1));
            client.detail("0000000");
            client.detail("0000000");

            assertThat(simulator.tokens()).isEqualTo(1);
            assertThat(simulator.searches()).isEqualTo(1);
            assertThat(simulator.details()).isEqualTo(2);
            assertThat(simulator.callTimes()).containsExactly(NOW, NOW.plusSeconds(1), NOW.plusSeconds(1));

            simulator.resetCounters();

            assertThat(simulator.tokens() + simulator.searches() + simulator.details())
                    .isZero();
            assertThat(simulator.callTimes()).isEmpty();
        }
    }

    @Nested
    class Server {

        @Test
        void the_server_listens_on_the_loopback_interface_on_the_given_port() throws Exception {
            start();
            int port = URI.create(simulator.baseUrl()).getPort();
            simulator.close();

            start(options -> options.withPort(port));

            assertThat(simulator.baseUrl()).isEqualTo("http://127.0.0.1:" + port + "/partenaire/offresdemploi");
            assertThat(simulator.tokenUrl()).isEqualTo("http://127.0.0.1:" + port + "/connexion/oauth2/access_token");
        }

        @Test
        void every_answer_is_delayed_by_the_latency() throws Exception {
            start(options -> options.withLatency(Duration.ofMillis(50)));
            long before = System.nanoTime();

            client.search("");

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
        }

        @Test
        void other_paths_and_methods_get_404() throws Exception {
            start();
            URI offers = URI.create(simulator.baseUrl() + "/v2/offres/search");

            assertThat(client.get(simulator.baseUrl() + "/v1/offres/search").statusCode())
                    .isEqualTo(404);
            assertThat(client.get(simulator.tokenUrl()).statusCode()).isEqualTo(404);
            assertThat(client.send(HttpRequest.newBuilder(offers).DELETE()).statusCode())
                    .isEqualTo(404);
        }
    }

    @Nested
    class Faults {

        @Test
        void a_fault_may_answer_instead_of_the_simulator() throws Exception {
            start();
            fill(2, "1");
            simulator.onCall((exchange, call) -> {
                if (call.kind() != Call.Kind.SEARCH || call.number() != 1) {
                    return false;
                }
                Answer.of(503, "text/html", "<h1>Indisponible</h1>")
                        .with("Retry-After", "7")
                        .sendTo(exchange);
                return true;
            });

            HttpResponse<byte[]> first = client.search("");

            assertThat(first.statusCode()).isEqualTo(503);
            assertThat(new String(first.body(), UTF_8)).isEqualTo("<h1>Indisponible</h1>");
            assertThat(header(first, "Retry-After")).isEqualTo("7");
            assertThat(client.search("").statusCode()).isEqualTo(200);
        }

        @Test
        void a_fault_sees_the_call() throws Exception {
            start();
            Map<Call.Kind, Call> seen = new HashMap<>();
            simulator.onCall((exchange, call) -> {
                seen.put(call.kind(), call);
                return false;
            });

            client.requestToken(Map.of());
            client.search("range=0-9&range=0-4");
            client.detail("0000000");

            assertThat(seen.get(Call.Kind.TOKEN).parameters()).containsEntry("grant_type", "client_credentials");
            assertThat(seen.get(Call.Kind.SEARCH).parameters()).containsEntry("range", "0-4");
            assertThat(seen.get(Call.Kind.DETAIL).id()).isEqualTo("0000000");
        }

        @Test
        void a_fault_may_change_the_base_between_two_pages() throws Exception {
            start();
            fill(10, "1");
            List<String> first = ids(client.search("sort=1&range=0-4"));
            simulator.onCall((exchange, call) -> {
                simulator.base().remove(first.get(0));
                return false;
            });

            HttpResponse<byte[]> second = client.search("sort=1&range=5-9");

            assertThat(total(second)).isEqualTo(9);
            assertThat(ids(second)).hasSize(4);
        }

        @Test
        void a_fault_may_truncate_the_body() throws Exception {
            start();
            simulator.onCall((exchange, call) -> {
                exchange.sendResponseHeaders(206, 1000);
                exchange.getResponseBody().write("{\"resultats\":[".getBytes(UTF_8));
                exchange.getResponseBody().flush();
                return true;
            });

            assertThatThrownBy(() -> client.search("")).isInstanceOf(IOException.class);
        }

        @Test
        void an_exception_of_a_fault_drops_the_connection() throws Exception {
            start();
            simulator.onCall((exchange, call) -> {
                throw new IOException("cut");
            });

            assertThatThrownBy(() -> client.search("")).isInstanceOf(IOException.class);
        }
    }

    private void start() throws Exception {
        start(options -> options);
    }

    private void start(UnaryOperator<SimulatorOptions> change) throws Exception {
        simulator =
                SourceSimulator.start(change.apply(SimulatorOptions.defaults().withClock(clock)));
        client = new ApiClient(simulator);
    }

    private void fill(int count, String origine) {
        generator.fill(simulator.base(), count, NOW, Duration.ofDays(30), origine);
    }

    private String put(Instant created, String origine) {
        ObjectNode offer = generator.offer(created, origine);
        simulator.base().put(offer);
        return offer.get("id").asText();
    }

    private void plant(String id, String json) {
        simulator.base().putRaw(id, NOW, "1", json.getBytes(UTF_8));
    }

    private static String message(HttpResponse<byte[]> answer) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).get("codeErreur").asText()).isNotBlank();
        return json(answer).get("message").asText();
    }
}
