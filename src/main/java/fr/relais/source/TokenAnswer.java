package fr.relais.source;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The JSON answer of the token endpoint.
 *
 * @param accessToken the bearer token, or null
 * @param expiresIn the lifetime of the token in seconds, or null
 * @param error an error code such as {@code invalid_client}, or null
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TokenAnswer(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("expires_in") Long expiresIn,
        @JsonProperty("error") String error) {

    /** Returns a text without the token. */
    @Override
    public String toString() {
        return "token answer";
    }
}
