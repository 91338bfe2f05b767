package fr.relais.budget;

import java.time.Duration;

/** Whether a client may open an offer. */
public sealed interface BudgetDecision {

    /** The offer may be shown. */
    record Granted() implements BudgetDecision {}

    /**
     * The offer may not be shown now (HTTP status 429).
     *
     * @param retryAfter positive; after that time the same client will be granted the same offer if it opens nothing else before
     */
    record Refused(Duration retryAfter, Reason reason) implements BudgetDecision {

        /** For the header {@code Retry-After}: whole seconds, rounded up. */
        public long seconds() {
            return retryAfter.plusNanos(999_999_999).toSeconds();
        }
    }

    /** Why an offer was refused. */
    enum Reason {
        /** The client sends too many requests a minute. */
        RATE,
        /** The client has opened as many offers as it may in a day. */
        OFFERS,
        /** The client has used its share of the offers that hardly anybody opens, and the pool of all clients is empty. */
        UNOPENED
    }
}
