package fr.relais.settings;

import java.time.Duration;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The settings {@code relais.source.*}.
 *
 * @param baseUrl without a slash at its end
 * @param origins 1 or 2, each once
 * @param callsPerSecond infinity when there is no limit
 * @param pageSize the most offers in one answer
 * @param window the most offers that one query can reach
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
                // In milliseconds, because the routes use them as they are given.
                Duration.ofMillis(values.integer("relais.source.timeout", 1, 600_000)),
                Duration.ofMillis(values.integer("relais.source.retry-delay", 1, 60_000)));
    }

    /** Tells accounts apart without revealing the secret: 32 of the 256 bits of a digest. */
    public String accountDigest() {
        return DigestUtils.sha256Hex(String.join("\n", tokenUrl, clientId, clientSecret, scope))
                .substring(0, 8);
    }

    /** Does not reveal the secret. */
    @Override
    public String toString() {
        return "SourceSettings[" + baseUrl + "]";
    }
}
