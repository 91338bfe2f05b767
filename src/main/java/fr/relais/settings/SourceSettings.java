package fr.relais.settings;

import java.time.Duration;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The settings {@code relais.source.*}.
 *
 * @param baseUrl the address of the API, without a trailing slash
 * @param origins the origins to mirror: {@code 1}, {@code 2} or both, without duplicates
 * @param callsPerSecond the rate that the source allows; infinity when there is no limit
 * @param concurrency the maximum number of concurrent calls
 * @param pageSize the maximum number of offers in one answer
 * @param window the maximum number of offers that one query can reach
 */
public record SourceSettings(
        String baseUrl,
        String tokenUrl,
        String clientId,
        String clientSecret,
        String scope,
        List<String> origins,
        double callsPerSecond,
        int concurrency,
        int pageSize,
        int window,
        Duration timeout,
        Duration retryDelay) {

    static SourceSettings of(SettingValues values) {
        String clientId = values.requiredText("relais.source.client-id");
        String clientSecret = values.requiredText("relais.source.client-secret");
        String baseUrl = values.httpAddress("relais.source.base-url").replaceAll("/+$", "");
        String tokenUrl = values.httpAddress("relais.source.token-url");
        double callsPerSecond = values.number("relais.source.calls-per-second", 0, 1_000);
        int pageSize = values.integer("relais.source.page-size", 1, 150);
        return new SourceSettings(
                baseUrl,
                tokenUrl,
                clientId,
                clientSecret,
                values.text("relais.source.scope"),
                values.list("relais.source.origins", "[12](,[12])?", "1, 2 or 1,2"),
                callsPerSecond == 0 ? Double.POSITIVE_INFINITY : callsPerSecond,
                values.integer("relais.source.concurrency", 1, 100),
                pageSize,
                values.integer("relais.source.window", pageSize, 100_000),
                // In milliseconds without a unit, because the routes pass these values to Camel unchanged.
                Duration.ofMillis(values.integer("relais.source.timeout", 1, 600_000)),
                Duration.ofMillis(values.integer("relais.source.retry-delay", 1, 60_000)));
    }

    /** Returns 32 of the 256 bits of a digest, which identify the account and do not reveal the secret. */
    public String accountDigest() {
        return DigestUtils.sha256Hex(String.join("\n", tokenUrl, clientId, clientSecret, scope))
                .substring(0, 8);
    }

    /** Returns a text without the credentials. */
    @Override
    public String toString() {
        return "SourceSettings[" + baseUrl + "]";
    }
}
