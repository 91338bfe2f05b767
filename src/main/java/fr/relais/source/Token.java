package fr.relais.source;

import fr.relais.failure.Failures;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLException;

/** The bearer token that all calls share. The route {@code relais-renew-token} requests a new one before it expires. */
public final class Token {

    /** How long before its end a token is renewed, unless a tenth of its lifetime is shorter. */
    private static final Duration MARGIN = Duration.ofSeconds(60);

    private static final long DEFAULT_LIFETIME_SECONDS = 60;

    private final String form;
    private final Clock clock;
    private final Semaphore renewal = new Semaphore(1);
    private Instant requestedAt;
    private String bearer;
    private Instant renewAt = Instant.MIN;

    /** @param scope the scope that the source's portal shows for the account */
    public Token(String clientId, String clientSecret, String scope, Clock clock) {
        this.form = "grant_type=client_credentials&client_id=" + encode(clientId) + "&client_secret="
                + encode(clientSecret) + "&scope=" + encode(scope);
        this.clock = clock;
    }

    /** Returns the value of the {@code Authorization} header. */
    public synchronized String authorization() {
        return "Bearer " + bearer;
    }

    /** Whether a new token is needed: there is none yet, or it is about to expire, or it was refused. */
    public synchronized boolean isExpired() {
        return !clock.instant().isBefore(renewAt);
    }

    /** Waits until no other call renews the token. {@link #endRenewal} must follow, even after a failure. */
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

    /** Returns the body of the token request, as {@code application/x-www-form-urlencoded}. It contains the secret. */
    public String form() {
        return form;
    }

    /**
     * Stores the token of an answer.
     *
     * @param status the HTTP status
     * @param answer the body, or null when it is not JSON
     * @throws SourceException.AccountRefused when the source refuses the account
     * @throws SourceException.Unavailable when the answer contains no token
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
        // The lifetime starts with the request at the earliest, so it is counted from the request.
        renewAt = requestedAt.plus(lifetime).minus(tenth.compareTo(MARGIN) < 0 ? tenth : MARGIN);
        bearer = token;
    }

    /**
     * Throws the failure of a token request that brought no answer.
     *
     * @param failure the cause; its own message is not reported, because it may quote the form
     * @throws SourceException.Unavailable always, with a message that names the setting
     */
    public void rejectNoAnswer(Throwable failure) {
        String reason = Failures.causes(failure)
                .filter(SSLException.class::isInstance)
                // A message about a certificate is the exception: it contains no secret.
                .map(Throwable::getMessage)
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
        throw new SourceException.Unavailable(
                "the token endpoint gave no answer (" + reason + "); check relais.source.token-url");
    }

    /**
     * Discards a token that the source refused, unless it has been renewed since.
     *
     * @param authorization the {@code Authorization} header of the refused call
     */
    public synchronized void discard(String authorization) {
        if (authorization().equals(authorization)) {
            renewAt = Instant.MIN;
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
