package fr.relais.failure;

/** The bean {@code failures}: describes and rethrows the failures that routes catch. */
public final class FailureMessages {

    /** See {@link Failures#describe}. */
    public String describe(Throwable failure) {
        return Failures.describe(failure);
    }

    /** See {@link Failures#types}. */
    public String types(Throwable failure) {
        return Failures.types(failure);
    }

    /** Rethrows a caught failure. */
    public void rethrow(Exception failure) throws Exception {
        throw failure;
    }

    /** @param hook the id of the route that failed */
    public void throwHookFailed(String hook, Throwable failure) {
        throw new HookFailed(hook, failure);
    }
}
