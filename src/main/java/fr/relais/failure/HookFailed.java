package fr.relais.failure;

/** A hook of the file {@code 35-hooks} failed. The cause may quote an offer, so the message has only its types. */
public final class HookFailed extends RelaisException {

    private static final long serialVersionUID = 1L;

    /** @param hook the id of its route */
    HookFailed(String hook, Throwable cause) {
        super(
                hook + " failed: " + Failures.types(cause),
                "Correct the route " + hook + "; the next sweep calls it again for the same offers.",
                cause);
    }
}
