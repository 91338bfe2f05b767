package fr.relais.failure;

/** The bean {@code relaisFailures}, which describes and rethrows the failures that routes catch. */
public final class FailureMessages {

    /** Returns {@link Failures#describe}. */
    public String describe(Throwable failure) {
        return Failures.describe(failure);
    }

    /** Returns {@link Failures#describeTriggerFailure}. */
    public String describeTriggerFailure(String trigger, Throwable failure) {
        return Failures.describeTriggerFailure(trigger, failure);
    }

    /** Returns {@link Failures#types}. */
    public String types(Throwable failure) {
        return Failures.types(failure);
    }

    /** Returns {@link Failures#isTransient}. */
    public boolean isTransient(Throwable failure) {
        return Failures.isTransient(failure);
    }

    /** Rethrows the failure. */
    public void rethrow(Exception failure) throws Exception {
        throw failure;
    }

    /**
     * Throws a {@link HookFailed} for a caught failure.
     *
     * @param hook the id of the route that failed
     */
    public void throwHookFailed(String hook, Throwable failure) {
        throw new HookFailed(hook, failure);
    }
}
