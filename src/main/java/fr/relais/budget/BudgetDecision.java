package fr.relais.budget;

import java.time.Duration;

/** The decision whether a client may open an offer. */
public sealed interface BudgetDecision {

    /** The offer may be shown. */
    record Granted() implements BudgetDecision {}

    /**
     * The offer must not be shown now (HTTP status 429).
     *
     * @param retryAfter positive; the time after which this reason no longer applies, if the client opens nothing else
     *     before
     * @param reason the limit that the client has reached
     */
    record Refused(Duration retryAfter, Reason reason) implements BudgetDecision {

        /** Returns the value of the header {@code Retry-After}: whole seconds, rounded up. */
        public long seconds() {
            return retryAfter.plusNanos(999_999_999).toSeconds();
        }
    }

    /** The limit because of which an offer was refused. */
    enum Reason {
        /** The client sends too many requests per minute. */
        RATE,
        /** The client has opened as many offers as it may on one day. */
        OFFERS,
        /** The client has used up its free unopened offers, and the common pool has none left for it. */
        UNOPENED
    }
}
