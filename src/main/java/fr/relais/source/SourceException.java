package fr.relais.source;

import fr.relais.failure.RelaisException;

/**
 * The failure of a call to the source. The subclass decides whether and how the call is retried. {@code getMessage()}
 * never quotes the content of an offer (licence, article 7).
 */
public abstract sealed class SourceException extends RelaisException {

    private static final String CHECK = "Check relais.source.base-url, relais.source.token-url and the network.";

    private SourceException(String message) {
        this(message, CHECK);
    }

    private SourceException(String message, String remedy) {
        super(message, remedy);
    }

    /** The source accepts no calls for a while (429). The {@link Throttle} already pauses for that time. */
    public static final class Busy extends SourceException {
        public Busy(String message) {
            super(message);
        }
    }

    /**
     * The source gives no usable answer: 5xx, HTML, a truncated or empty body, or a body that contradicts its headers.
     * A retry may succeed.
     */
    public static final class Unavailable extends SourceException {
        public Unavailable(String message) {
            super(message);
        }
    }

    /** The source rejects the request: it answers 400, 404, 410 or a redirect. A retry cannot help. */
    public static final class Rejected extends SourceException {
        public Rejected(String message) {
            super(message);
        }
    }

    /** The call was not made, because the pipeline is stopping. */
    public static final class Stopped extends SourceException {
        public Stopped() {
            super("the pipeline is stopping");
        }
    }

    /** The source refuses the bearer token (401). One retry with a renewed token may succeed. */
    public static final class TokenRefused extends SourceException {
        public TokenRefused(String message) {
            super(message);
        }
    }

    /** The source refuses the account: wrong credentials, licence not accepted, or no subscription to the API. */
    public static final class AccountRefused extends SourceException {
        public AccountRefused(String message) {
            super(message, "Compare the settings with the account in the source's portal.");
        }
    }
}
