package fr.relais.source;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The JSON that the token endpoint answers.
 *
 * @param accessToken the bearer token, or null
 * @param expiresIn seconds that it lives, or null
 * @param error a code such as {@code invalid_client}, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TokenAnswer(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("expires_in") Long expiresIn,
        @JsonProperty("error") String error) {

    /** Without the token. */
    @Override
    public String toString() {
        return "token answer";
    }
}
