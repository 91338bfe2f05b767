package fr.relais.source;

import fr.relais.failure.Failures;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLException;

/** The bearer token that all calls share. The route {@code renew-token} asks for a new one before it expires. */
public final class Token {

    /** Renew this long before the end, or a tenth of the lifetime before it when that is shorter. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private static final long DEFAULT_LIFETIME_SECONDS = 60;

    private final String form;
    private final Clock clock;
    private final Semaphore renewal = new Semaphore(1);
    private Instant requestedAt;
    private String bearer;
    private Instant renewAt = Instant.MIN;

    /** @param scope as the source's portal names it for the account */
    public Token(String clientId, String clientSecret, String scope, Clock clock) {
        this.form = "grant_type=client_credentials&client_id=" + encode(clientId) + "&client_secret="
                + encode(clientSecret) + "&scope=" + encode(scope);
        this.clock = clock;
    }

    /** The value of the {@code Authorization} header. */
    public synchronized String authorization() {
        return "Bearer " + bearer;
    }

    /** Whether there is no token, or only one that is about to expire or was refused. */
    public synchronized boolean isExpired() {
        return !clock.instant().isBefore(renewAt);
    }

    /** Waits until no other call renews the token. {@link #endRenewal} must follow, whatever happens. */
    public void beginRenewal() throws InterruptedException {
        renewal.acquire();
        synchronized (this) {
            requestedAt = clock.instant();
        }
    }

    /** Lets the next call renew the token. */
    public void endRenewal() {
        renewal.release();
    }

    /** The body of the token request: {@code application/x-www-form-urlencoded}, every value encoded. It holds the secret. */
    public String form() {
        return form;
    }

    /**
     * Keeps the token of an answer.
     *
     * @param status the HTTP status
     * @param answer the body, or null when it is not JSON
     * @throws SourceException.AccountRefused when the source refuses the account
     * @throws SourceException.Unavailable when the answer holds no token
     */
    public synchronized void accept(int status, TokenAnswer answer) {
        String token = answer == null || answer.accessToken() == null ? "" : answer.accessToken();
        if (status == 400 || status == 401 || status == 403) {
            throw new SourceException.AccountRefused("the source refuses the account (status " + status + ", "
                    + (answer == null || answer.error() == null ? "no error code" : answer.error())
                    + "): check relais.source.client-id, relais.source.client-secret and relais.source.scope, and"
                    + " that the licence is accepted for this account");
        }
        if (status / 100 != 2 || token.isEmpty()) {
            throw new SourceException.Unavailable("the token endpoint answered " + status + " without a token");
        }
        Duration lifetime =
                Duration.ofSeconds(answer.expiresIn() == null ? DEFAULT_LIFETIME_SECONDS : answer.expiresIn());
        Duration tenth = lifetime.dividedBy(10);
        // The token lives from the request on, not from the answer.
        renewAt = requestedAt.plus(lifetime).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
        bearer = token;
    }

    /** @throws SourceException.Unavailable that names the setting; the failure's own message may quote the form */
    public void rejectNoAnswer(Throwable failure) {
        String reason = Failures.causes(failure)
                .filter(SSLException.class::isInstance)
                // What is wrong with a certificate says nothing of the account.
                .map(Throwable::getMessage)
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
        throw new SourceException.Unavailable(
                "the token endpoint gave no answer: " + reason + " at relais.source.token-url");
    }

    /** Discards the token of a header that the source refused, unless it has been renewed meanwhile. */
    public synchronized void discard(String authorization) {
        if (authorization().equals(authorization)) {
            renewAt = Instant.MIN;
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
