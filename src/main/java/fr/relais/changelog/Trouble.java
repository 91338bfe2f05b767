package fr.relais.changelog;

import java.time.Instant;

/**
 * The changelog does not get to where it is published.
 *
 * @param attempts so far
 * @param since the first of them
 * @param reason of the last failure, or null when none of them came to an end
 */
public record Trouble(int attempts, Instant since, String reason) {

    @Override
    public String toString() {
        return "The changelog could not be published since " + since + (reason == null ? "" : " (" + reason + ")")
                + ": see to relais.changelog.uri; it is tried again every minute";
    }
}
