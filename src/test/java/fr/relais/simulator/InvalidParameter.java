package fr.relais.simulator;

/** A call with a parameter or id that the API answers with 400. The exception has the French message of the answer. */
final class InvalidParameter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidParameter(String message) {
        super(message);
    }
}
