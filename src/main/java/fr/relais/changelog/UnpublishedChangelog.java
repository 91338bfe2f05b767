package fr.relais.changelog;

import java.time.Instant;

/**
 * A changelog that does not get to where it is published.
 *
 * @param attempts so far
 * @param since the first of them
 * @param reason of the last failure, or null when no attempt came to an end
 */
public record UnpublishedChangelog(int attempts, Instant since, String reason) {}
