package fr.relais.failure;

/**
 * The failure of a trigger as its consumer gets it. It has neither the text nor the cause of the original failure,
 * because a consumer may log what it gets.
 */
public final class TriggerFailed extends RelaisException {

    private static final long serialVersionUID = 1L;

    /** @param trigger the route id of the trigger */
    public TriggerFailed(String trigger, Throwable failure) {
        super(
                trigger + " failed: " + Failures.describeTriggerFailure(trigger, failure),
                "Correct the cause; the trigger repeats the failed work when it runs again.");
    }

    /** Leaves the stack trace out, because it would only show where the failure was replaced. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
