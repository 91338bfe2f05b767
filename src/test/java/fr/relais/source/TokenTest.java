package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.simulator.SettableClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
    private final Token token = new Token("id", "s3cr3t-of-the-test", "scope", clock);

    @Test
    void there_is_no_token_at_first() {
        assertThat(token.isExpired()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1499, 1438, 1440", "100, 89, 91"})
    void a_token_is_renewed_a_minute_or_a_tenth_of_its_lifetime_early(long lifetime, int stillValid, int expired)
            throws InterruptedException {
        renew("first", lifetime);

        clock.advance(Duration.ofSeconds(stillValid));
        assertThat(token.isExpired()).isFalse();
        clock.advance(Duration.ofSeconds(expired - stillValid));
        assertThat(token.isExpired()).isTrue();
    }

    @Test
    void the_lifetime_starts_with_the_request_and_not_with_the_answer() throws InterruptedException {
        token.beginRenewal();
        clock.advance(Duration.ofSeconds(30));
        token.accept(200, new TokenAnswer("first", 100L, null));
        token.endRenewal();

        clock.advance(Duration.ofSeconds(65));

        assertThat(token.isExpired()).isTrue();
    }

    @Test
    void the_lifetime_is_a_minute_when_the_answer_does_not_contain_it() throws InterruptedException {
        renew("first", null);

        clock.advance(Duration.ofSeconds(53));
        assertThat(token.isExpired()).isFalse();
        clock.advance(Duration.ofSeconds(2));
        assertThat(token.isExpired()).isTrue();
    }

    @Test
    void a_refused_token_is_discarded() throws InterruptedException {
        renew("first", 1499L);

        token.discard("Bearer first");

        assertThat(token.isExpired()).isTrue();
    }

    @Test
    void a_late_refusal_of_the_former_token_does_not_discard_the_new_one() throws InterruptedException {
        renew("first", 1499L);
        token.discard("Bearer first");
        renew("second", 1499L);

        token.discard("Bearer first");
        token.discard(null);

        assertThat(token.isExpired()).isFalse();
        assertThat(token.authorization()).isEqualTo("Bearer second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"p&q=r+s t%20;é€😀/?#", " ", "", "application_PAR_x api_offresdemploiv2 o2dsoffre"})
    void the_request_form_keeps_every_character(String value) {
        String request = new Token(value, value, value, clock).form();
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : request.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }

        assertThat(form)
                .containsExactly(
                        Map.entry("grant_type", "client_credentials"),
                        Map.entry("client_id", value),
                        Map.entry("client_secret", value),
                        Map.entry("scope", value));
        assertThat(request).matches("[\\w.*%+=&-]*");
    }

    @ParameterizedTest
    @CsvSource({"400, invalid_client", "400, invalid_scope", "401, invalid_client", "403, access_denied", "400,"})
    void a_refused_account_is_reported_with_the_settings_to_check(int status, String error) {
        assertThatThrownBy(() -> token.accept(status, new TokenAnswer(null, null, error)))
                .isInstanceOf(SourceException.AccountRefused.class)
                .hasMessageContainingAll(
                        error == null ? "no error code" : error,
                        "relais.source.client-id",
                        "relais.source.client-secret",
                        "relais.source.scope",
                        "licence")
                .hasMessageNotContaining("s3cr3t");
        assertThatThrownBy(() -> token.accept(status, null)).isInstanceOf(SourceException.AccountRefused.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 200, 302, 404, 429, 500, 503})
    void an_answer_without_a_token_is_refused(int status) {
        for (TokenAnswer answer :
                new TokenAnswer[] {null, new TokenAnswer(null, null, null), new TokenAnswer("", 1499L, null)}) {
            assertThatThrownBy(() -> token.accept(status, answer))
                    .isInstanceOf(SourceException.Unavailable.class)
                    .hasMessageContaining(String.valueOf(status));
        }
        assertThat(token.isExpired()).isTrue();
    }

    @Test
    void a_token_in_an_answer_with_an_error_status_is_refused() {
        assertThatThrownBy(() -> token.accept(500, new TokenAnswer("token", 1499L, null)))
                .isInstanceOf(SourceException.Unavailable.class);
    }

    @Test
    void status_201_is_accepted() throws InterruptedException {
        token.beginRenewal();
        token.accept(201, new TokenAnswer("token", 1499L, null));

        assertThat(token.authorization()).isEqualTo("Bearer token");
    }

    @Test
    void a_missing_answer_is_reported_by_its_cause_and_a_bad_certificate_with_its_message() {
        assertThatThrownBy(() -> token.rejectNoAnswer(new ConnectException("secret")))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessage("the token endpoint gave no answer (ConnectException); check relais.source.token-url")
                .hasNoCause();
        assertThatThrownBy(() -> token.rejectNoAnswer(new IOException(new SSLHandshakeException("not trusted"))))
                .hasMessageContaining("not trusted");
    }

    @Test
    void to_string_contains_no_secret() throws InterruptedException {
        renew("canary", 1499L);

        assertThat(token + " " + new TokenAnswer("canary", 1499L, null)).doesNotContain("canary", "s3cr3t");
    }

    private void renew(String bearer, Long lifetime) throws InterruptedException {
        token.beginRenewal();
        token.accept(200, new TokenAnswer(bearer, lifetime, null));
        token.endRenewal();
    }
}
