package fr.relais.failure;

/**
 * The base of the exceptions that Relais throws on purpose. Their messages quote no offer and no secret, so they
 * may be logged, stored and shown (licence, article 7).
 */
public abstract class RelaisException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param message what is wrong
     * @param remedy what a person can do about it, as a sentence
     */
    protected RelaisException(String message, String remedy) {
        this(message, remedy, null);
    }

    /** @param cause whose own message may quote anything, and is therefore never shown */
    protected RelaisException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** What a person can do about it. */
    public String remedy() {
        return remedy;
    }
}
