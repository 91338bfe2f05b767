package fr.relais.source;

import fr.relais.failure.RelaisException;

/**
 * A call to the source that brought no data. The kind says what may be done about it, and {@code getMessage()} never quotes
 * the content of an answer (licence, article 7).
 */
public abstract sealed class SourceException extends RelaisException {

    private static final String CHECK = "Check relais.source.base-url, relais.source.token-url and the network.";

    private SourceException(String message) {
        this(message, CHECK);
    }

    private SourceException(String message, String remedy) {
        super(message, remedy);
    }

    /** The source asked to be left alone for a while (429); the {@link Throttle} already knows for how long. */
    public static final class Busy extends SourceException {
        public Busy(String message) {
            super(message);
        }
    }

    /** No answer, or one that cannot be data: 5xx, HTML, cut, empty, contradicting its own headers. Worth another try. */
    public static final class Unavailable extends SourceException {
        public Unavailable(String message) {
            super(message);
        }
    }

    /** The source says that the question is wrong (400): asking again cannot help. */
    public static final class Rejected extends SourceException {
        public Rejected(String message) {
            super(message);
        }
    }

    /** The source no longer accepts the bearer token (401); one renewed token is worth a try. */
    public static final class TokenRefused extends SourceException {
        public TokenRefused(String message) {
            super(message);
        }
    }

    /** The source refuses the account itself: wrong credentials, licence not accepted, not subscribed. */
    public static final class AccountRefused extends SourceException {
        public AccountRefused(String message) {
            super(message, "Compare the settings with the account at the source's portal.");
        }
    }
}
