package fr.relais.simulator;

/** A search or detail call that the API answers by 400; the message is the French one of the answer. */
final class InvalidParameter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidParameter(String message) {
        super(message);
    }
}
