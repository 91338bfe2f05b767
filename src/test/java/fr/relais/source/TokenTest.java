package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.simulator.SettableClock;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    private static final String SECRET = "s3cr3t-of-the-test";

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void isAskedForOnceAndThenReused() {
        Token token = tokens(1499);

        assertThat(token.authorization()).isEqualTo("Bearer token-1");
        assertThat(token.authorization()).isEqualTo("Bearer token-1");
        assertThat(requests).hasValue(1);
    }

    @Test
    @Timeout(20)
    void isAskedForOnceHoweverManyThreadsWaitForIt() throws Exception {
        Thread[] threads = new Thread[16];
        Token token = new Token(
                () -> {
                    requests.incrementAndGet();
                    while (requests.get() == 1 && !Arrays.stream(threads).allMatch(this::isHeldUpOrAsking)) {
                        Thread.onSpinWait();
                    }
                    return new Token.Answer(200, answer("only", 1499));
                },
                clock);
        Set<String> seen = ConcurrentHashMap.newKeySet();
        IntStream.range(0, threads.length)
                .forEach(i -> threads[i] = new Thread(() -> seen.add(token.authorization()), "token-" + i));

        Stream.of(threads).forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(requests).hasValue(1);
        assertThat(seen).containsExactly("Bearer only");
    }

    private boolean isHeldUpOrAsking(Thread thread) {
        return thread == Thread.currentThread()
                || thread.getState() == Thread.State.BLOCKED
                || thread.getState() == Thread.State.WAITING;
    }

    @ParameterizedTest
    @CsvSource({"1499, 1438, 1440", "100, 89, 91"})
    void isRenewedAMinuteOrATenthOfItsLifeBeforeItExpires(int lifetime, int stillGood, int renewed) {
        Token token = tokens(lifetime);
        token.authorization();

        clock.advance(Duration.ofSeconds(stillGood));
        assertThat(token.authorization()).isEqualTo("Bearer token-1");
        clock.advance(Duration.ofSeconds(renewed - stillGood));
        assertThat(token.authorization()).isEqualTo("Bearer token-2");
    }

    @Test
    void livesFromTheRequestAndNotFromTheAnswer() {
        Token token = new Token(
                () -> {
                    clock.advance(Duration.ofSeconds(30));
                    return new Token.Answer(200, answer("token-" + requests.incrementAndGet(), 100));
                },
                clock);
        token.authorization();

        clock.advance(Duration.ofSeconds(65));

        assertThat(token.authorization()).isEqualTo("Bearer token-2");
    }

    @Test
    void isGivenUpWhenTheSourceRefusesIt() {
        Token token = tokens(1499);

        token.refuse(token.authorization());

        assertThat(token.authorization()).isEqualTo("Bearer token-2");
    }

    @Test
    void isKeptWhenAFormerOneIsRefused() {
        Token token = tokens(1499);
        String former = token.authorization();
        token.refuse(former);
        String present = token.authorization();

        token.refuse(former);
        token.refuse(null);

        assertThat(token.authorization()).isEqualTo(present);
        assertThat(requests).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p&q=r+s t%20;é€😀/?#", " ", "", "application_PAR_x api_offresdemploiv2 o2dsoffre"})
    void isRequestedWithAFormThatKeepsEveryCharacter(String value) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : Token.form(value, value, value).split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }

        assertThat(form)
                .containsExactly(
                        Map.entry("grant_type", "client_credentials"),
                        Map.entry("client_id", value),
                        Map.entry("client_secret", value),
                        Map.entry("scope", value));
        assertThat(Token.form(value, value, value)).matches("[\\w.*%+=&-]*");
    }

    @ParameterizedTest
    @CsvSource({"400, invalid_client", "400, invalid_scope", "401, invalid_client", "403, access_denied"})
    void namesTheSettingsButNotTheSecretWhenTheAccountIsRefused(int status, String error) {
        String body = "{\"error\":\"" + error + "\",\"error_description\":\"no client with " + SECRET + "\"}";

        assertThatThrownBy(answering(status, body)::authorization)
                .isInstanceOf(SourceException.AccountRefused.class)
                .hasMessageContainingAll(
                        error,
                        "relais.source.client-id",
                        "relais.source.client-secret",
                        "relais.source.scope",
                        "licence")
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "<html>" + SECRET + "</html>", "null", "[]", "{}", "{\"access_token\":\"\"}", "{\"access_to"
            })
    void isUnavailableWhenTheAnswerHoldsNone(String body) {
        for (int status : List.of(200, 302, 404, 429, 500, 503)) {
            assertThatThrownBy(answering(status, body)::authorization)
                    .isInstanceOf(SourceException.Unavailable.class)
                    .hasMessageContaining(String.valueOf(status))
                    .hasMessageNotContaining(SECRET)
                    .hasNoCause();
        }
        assertThatThrownBy(answering(0, null)::authorization).isInstanceOf(SourceException.Unavailable.class);
    }

    @Test
    void isNotTakenFromAFailure() {
        assertThatThrownBy(answering(500, answer("token", 1499))::authorization)
                .isInstanceOf(SourceException.Unavailable.class);
    }

    @Test
    void isAcceptedWithStatus201() {
        assertThat(answering(201, answer("token", 1499)).authorization()).isEqualTo("Bearer token");
    }

    @Test
    void isAskedForAgainAfterAFailure() {
        Token token = new Token(
                () -> requests.incrementAndGet() == 1
                        ? new Token.Answer(503, "")
                        : new Token.Answer(200, answer("second", 1499)),
                clock);

        assertThatThrownBy(token::authorization).isInstanceOf(SourceException.Unavailable.class);
        assertThat(token.authorization()).isEqualTo("Bearer second");
    }

    private Token tokens(int lifetime) {
        return new Token(() -> new Token.Answer(200, answer("token-" + requests.incrementAndGet(), lifetime)), clock);
    }

    private Token answering(int status, String body) {
        return new Token(() -> new Token.Answer(status, body), clock);
    }

    private static String answer(String token, int lifetime) {
        return "{\"scope\":\"s\",\"expires_in\":" + lifetime + ",\"token_type\":\"Bearer\",\"access_token\":\"" + token
                + "\"}";
    }
}
