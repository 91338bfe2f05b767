package fr.relais.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The endpoint that issues bearer tokens to the client of the options, and accepts them until they expire. */
final class TokenEndpoint {

    private static final List<String> REQUIRED_SCOPES = List.of("api_offresdemploiv2", "o2dsoffre");

    private final SimulatorOptions options;
    private final Map<String, Instant> expiryByToken = new ConcurrentHashMap<>();

    TokenEndpoint(SimulatorOptions options) {
        this.options = options;
    }

    Answer issue(Map<String, String> parameters) {
        String scope = parameters.getOrDefault("scope", "");
        if (!"client_credentials".equals(parameters.get("grant_type"))) {
            return refusal("unsupported_grant_type", "Grant type is not supported");
        }
        if (!options.clientId().equals(parameters.get("client_id"))
                || !options.clientSecret().equals(parameters.get("client_secret"))) {
            return refusedCredentials();
        }
        if (!List.of(scope.split(" ")).containsAll(REQUIRED_SCOPES)) {
            return refusal("invalid_scope", "Unknown/invalid scope(s)");
        }
        if (!"/partenaire".equals(parameters.get("realm"))) {
            return refusal("invalid_grant", "The provided access grant is invalid, expired, or revoked");
        }
        return Answer.json(
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("scope", scope)
                        .put("expires_in", options.tokenLifetime().toSeconds())
                        .put("token_type", "Bearer")
                        .put("access_token", newToken()));
    }

    /** Whether the value of an Authorization header, which may be null, contains a valid token. */
    boolean accepts(String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            return false;
        }
        Instant expiry = expiryByToken.get(authorization.substring("Bearer ".length()));
        return expiry != null && options.clock().instant().isBefore(expiry);
    }

    void revokeAll() {
        expiryByToken.clear();
    }

    static Answer refusedCredentials() {
        return refusal("invalid_client", "Client authentication failed");
    }

    private String newToken() {
        Instant now = options.clock().instant();
        String token = UUID.randomUUID().toString();
        expiryByToken.put(token, now.plus(options.tokenLifetime()));
        return token;
    }

    private static Answer refusal(String error, String description) {
        return Answer.json(
                400, JsonNodeFactory.instance.objectNode().put("error", error).put("error_description", description));
    }
}
