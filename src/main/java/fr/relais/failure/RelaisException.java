package fr.relais.failure;

/**
 * The base class of Relais's own exceptions. Their messages quote no offer and no secret, so they may be logged, stored
 * and shown (licence, article 7).
 */
public abstract class RelaisException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * @param message what is wrong
     * @param remedy what a person can do about the failure, as a sentence
     */
    protected RelaisException(String message, String remedy) {
        this(message, remedy, null);
    }

    /** @param cause the cause, whose message is never shown because it may quote an offer or a secret */
    protected RelaisException(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /** Returns what a person can do about the failure. */
    public String remedy() {
        return remedy;
    }
}
