package fr.relais.failure;

/** What routes do with a failure that they caught: the bean {@code failures}. */
public final class FailureMessages {

    /** See {@link Failures#describe}. */
    public String describe(Throwable failure) {
        return Failures.describe(failure);
    }

    /** See {@link Failures#types}. */
    public String types(Throwable failure) {
        return Failures.types(failure);
    }

    /** Throws a failure that was caught once more. */
    public void rethrow(Exception failure) throws Exception {
        throw failure;
    }

    /** @param hook the id of the route that failed */
    public void throwHookFailed(String hook, Throwable failure) {
        throw new HookFailed(hook, failure);
    }
}
