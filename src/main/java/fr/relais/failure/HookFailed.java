package fr.relais.failure;

/**
 * The failure of a hook in the file {@code 35-hooks}. The cause may quote an offer, so the message names only the types
 * of the cause.
 */
public final class HookFailed extends RelaisException {

    private static final long serialVersionUID = 1L;

    /** @param hook the route id of the hook */
    HookFailed(String hook, Throwable cause) {
        super(
                hook + " failed: " + Failures.types(cause),
                "Correct the route " + hook + "; the next sweep calls it again for the same offers.",
                cause);
    }
}
