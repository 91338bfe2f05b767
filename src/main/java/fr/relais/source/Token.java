package fr.relais.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * The one bearer token that all calls share: asked for once however many calls wait for it, and renewed before it expires.
 */
public final class Token {

    /** Renew this long before the end, or a tenth of the lifetime before it when that is shorter. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<Answer> request;
    private final Clock clock;
    private String bearer;
    private Instant renewAt = Instant.MIN;

    /**
     * What the token endpoint answered.
     *
     * @param status HTTP status
     * @param body JSON, hopefully
     */
    public record Answer(int status, String body) {

        /** The body may be a token. */
        @Override
        public String toString() {
            return "status " + status;
        }
    }

    /** @param request asks the token endpoint; may throw a {@link SourceException}. */
    public Token(Supplier<Answer> request, Clock clock) {
        this.request = request;
        this.clock = clock;
    }

    /** The body of the token request: {@code application/x-www-form-urlencoded}, every value encoded. */
    public static String form(String clientId, String clientSecret, String scope) {
        return "grant_type=client_credentials&client_id=" + encode(clientId) + "&client_secret=" + encode(clientSecret)
                + "&scope=" + encode(scope);
    }

    /** The value of the {@code Authorization} header. */
    public synchronized String authorization() {
        if (bearer == null || !clock.instant().isBefore(renewAt)) {
            renew();
        }
        return "Bearer " + bearer;
    }

    /** The source refused this header: unless it was renewed meanwhile, the next call asks for a new token. */
    public synchronized void refuse(String authorization) {
        if (("Bearer " + bearer).equals(authorization)) {
            bearer = null;
        }
    }

    private void renew() {
        bearer = null;
        Instant asked = clock.instant();
        Answer answer = request.get();
        JsonNode json = read(answer.body());
        String token = json.path("access_token").asText("");
        if (answer.status() == 400 || answer.status() == 401 || answer.status() == 403) {
            throw new SourceException.AccountRefused("the source refuses the account (status " + answer.status() + ", "
                    + json.path("error").asText("no error code")
                    + "): check relais.source.client-id, relais.source.client-secret and relais.source.scope, and"
                    + " that the licence is accepted for this account");
        }
        if (answer.status() / 100 != 2 || token.isEmpty()) {
            throw new SourceException.Unavailable(
                    "the token endpoint answered " + answer.status() + " without a token");
        }
        Duration lifetime = Duration.ofSeconds(json.path("expires_in").asLong(60));
        Duration tenth = lifetime.dividedBy(10);
        renewAt = asked.plus(lifetime).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
        bearer = token;
    }

    private static JsonNode read(String body) {
        try {
            return body == null ? JSON.nullNode() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
