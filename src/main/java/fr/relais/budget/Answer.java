package fr.relais.budget;

import java.time.Duration;

/** What the budget says to a client who asks for an offer. */
public sealed interface Answer {

    /** It may be shown. */
    record Granted() implements Answer {}

    /**
     * It may not be shown now (429).
     *
     * @param retryAfter positive; the same client will be granted the same offer after that, if it asks for nothing else before
     */
    record Refused(Duration retryAfter, Reason reason) implements Answer {

        /** For the header {@code Retry-After}: whole seconds, never too few. */
        public long seconds() {
            return retryAfter.plusNanos(999_999_999).toSeconds();
        }
    }

    /** Why an offer was refused. */
    enum Reason {
        /** Too many requests a minute. */
        RATE,
        /** The client has opened all the offers that it may open in a day. */
        OFFERS,
        /** It has opened all that it may open of the offers that hardly anybody opens, and so have all clients together. */
        UNOPENED
    }
}
