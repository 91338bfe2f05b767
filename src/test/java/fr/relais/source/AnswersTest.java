package fr.relais.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import fr.relais.simulator.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {

    private static final String OFFER = "{\"id\":\"145XKWR\",\"intitule\":\"Boulanger\"}";

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
    private final Token token = new Token("id", "secret", "scope", clock);
    private final Throttle throttle = new Throttle(Double.POSITIVE_INFINITY);
    private final Answers answers = new Answers(throttle, token, clock);

    @BeforeEach
    void renew() throws InterruptedException {
        token.beginRenewal();
        token.accept(200, new TokenAnswer("token", 1499L, null));
        token.endRenewal();
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 204, 206})
    void an_answer_with_data_is_accepted(int status) {
        answers.requireData("/v2/offres/search", status, null, token.authorization(), OFFER.getBytes(UTF_8));

        assertThat(token.isExpired()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "400, Rejected",
        "401, TokenRefused",
        "403, AccountRefused",
        "404, Rejected",
        "410, Rejected",
        "429, Busy",
        "500, Unavailable",
        "502, Unavailable",
        "503, Unavailable",
        "504, Unavailable",
        "201, Unavailable",
        "302, Rejected",
        "408, Unavailable",
        "0, Unavailable"
    })
    void every_other_status_has_an_exception_type_and_its_message_quotes_no_offer(int status, String type) {
        for (byte[] body : new byte[][] {OFFER.getBytes(UTF_8), "<html>Boulanger".getBytes(UTF_8), {}, null}) {
            SourceException failure = failure(status, null, body);

            assertThat(failure.getClass().getSimpleName()).isEqualTo(type);
            assertThat(failure)
                    .hasMessageContaining(String.valueOf(status))
                    .hasMessageNotContainingAny("145XKWR", "Boulanger")
                    .hasNoCause();
        }
    }

    @Test
    void a_rejection_quotes_the_beginning_of_the_sources_explanation() {
        String message = "La plage de résultats demandée est trop importante.";

        assertThat(failure(400, null, ("{\"codeErreur\":\"400\",\"message\":\"" + message + "\"}").getBytes(UTF_8)))
                .hasMessageEndingWith(message);
        assertThat(failure(400, null, ("{\"message\":\"" + "x".repeat(5_000) + "\"}").getBytes(UTF_8))
                        .getMessage())
                .hasSizeLessThan(300);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{} | no message", "<html> | no readable message"})
    void a_rejection_without_an_explanation_says_so(String body, String ending) {
        assertThat(failure(400, null, body.getBytes(UTF_8))).hasMessageEndingWith(": " + ending);
    }

    @Test
    void a_401_discards_the_token_that_was_sent() {
        String sent = token.authorization();

        failure(401, null, sent, null);
        assertThat(token.isExpired()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000",
        "' 7 ', 7000",
        "600, 600000",
        "601, 600000",
        "000000007, 7000",
        "9223372036854775807, 600000",
        "99999999999999999999, 600000",
        "'Tue, 10 Mar 2026 12:00:05 GMT', 5000",
        "'Fri, 31 Dec 9999 23:59:59 GMT', 600000",
        "'Tue, 10 Mar 2026 11:59:00 GMT', 1000",
        "-5, 1000",
        "1.5, 1000",
        "soon, 1000",
        "'', 1000",
        "'10, 20', 1000",
        "'Tue, 99 Mar 2026 12:00:05 GMT', 1000",
        "2026-03-10T12:00:05Z, 1000",
        ", 1000"
    })
    void a_429_pauses_for_the_time_of_retry_after_but_ten_minutes_at_most(String retryAfter, long millis) {
        assertThat(failure(429, retryAfter, null)).hasMessageEndingWith(" " + millis + " ms");
    }

    @Test
    void all_calls_wait_after_a_429() throws Exception {
        long startedAt = System.nanoTime();
        clock.advance(Duration.ofMillis(800));

        failure(429, "Tue, 10 Mar 2026 12:00:01 GMT", null);
        throttle.awaitTurn();

        assertThat(System.nanoTime() - startedAt).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
    }

    @Test
    void an_id_is_encoded_as_one_segment_of_the_path() {
        assertThat(answers.path("145XKWR")).isEqualTo("/v2/offres/145XKWR");
        assertThat(answers.path("a/b?c#d%2F+;é ")).isEqualTo("/v2/offres/a%2Fb%3Fc%23d%252F%2B%3B%C3%A9%20");
        IntStream.rangeClosed('!', '~').mapToObj(Character::toString).forEach(character -> {
            URI uri = URI.create("http://localhost" + answers.path("x" + character));

            assertThat(uri.getPath()).isEqualTo("/v2/offres/x" + character);
            assertThat(uri.getRawPath().split("/")).hasSize(4);
            assertThat(uri.getRawQuery()).isNull();
        });
    }

    @Test
    void an_offer_that_the_source_shows_exists() {
        assertThat(offer(200, OFFER).isShown()).isTrue();
        assertThat(offer(200, "\r\n{ \"n\": " + "9".repeat(1_500) + ", \"id\" : \"145XKW\\u0052\" }")
                        .isShown())
                .isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "")
    void an_empty_204_shows_that_an_offer_is_gone(String body) {
        assertThat(offer(204, body).isShown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void a_404_or_410_for_one_offer_is_an_answer_and_its_body_does_not_matter(int status) {
        answers.requireData(answers.path("145XKWR"), status, null, token.authorization(), null);

        OfferAnswer answer = offer(status, "<html>not found</html>");
        assertThat(answer.isShown()).isFalse();
        assertThat(answers.absentStatus(answer)).isEqualTo(status);
    }

    @Test
    void an_offer_is_shown_with_its_origin() {
        OfferAnswer own = offer(200, "{\"id\":\"145XKWR\",\"origineOffre\":{\"origine\":\"1\"}} ");
        OfferAnswer unknown = offer(200, OFFER);
        OfferAnswer other = offer(200, "{\"id\":\"145XKWR\",\"origineOffre\":{\"origine\":\"3\"}}");

        assertThat(own.origine()).isEqualTo("1");
        assertThat(unknown.origine()).isNull();
        assertThat(other.origine()).as("an unknown origin").isNull();
        assertThat(own.page().offers()).containsExactly(own.offer());
        assertThat(unknown.offer().json()).isEqualTo(OFFER.getBytes(UTF_8));
    }

    @Test
    void a_source_that_shows_an_offer_that_cannot_exist_is_not_trusted() {
        assertThatThrownBy(() -> answers.absentStatus(offer(200, OFFER)))
                .isInstanceOf(SourceException.Unavailable.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "200 | null",
                "200 | ''",
                "200 | {}",
                "200 | []",
                "200 | {\"id\":\"145XKWS\"}",
                "200 | {\"id\":\"145XKWR\"",
                "200 | {\"id\":\"145XKWR\"} {}",
                "200 | {\"x\":{\"id\":\"145XKWR\"}}",
                "200 | <html>Boulanger</html>",
                "204 | {\"id\":\"145XKWR\"}",
                "206 | {\"id\":\"145XKWR\"}",
                "206 | ''",
                "302 | ''"
            })
    void no_other_answer_shows_whether_an_offer_exists(int status, String body) {
        assertThatThrownBy(() -> offer(status, body))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageNotContainingAny("145XKW", "Boulanger")
                .hasNoCause();
    }

    private OfferAnswer offer(int status, String body) {
        return answers.offer(status, "145XKWR", body == null ? null : body.getBytes(UTF_8));
    }

    private SourceException failure(int status, String retryAfter, byte[] body) {
        return failure(status, retryAfter, "Bearer other", body);
    }

    private SourceException failure(int status, String retryAfter, String authorization, byte[] body) {
        return catchThrowableOfType(
                SourceException.class,
                () -> answers.requireData("/v2/offres/search", status, retryAfter, authorization, body));
    }
}
