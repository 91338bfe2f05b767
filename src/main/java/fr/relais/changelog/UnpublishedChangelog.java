package fr.relais.changelog;

import java.time.Instant;

/**
 * A changelog that could not be published.
 *
 * @param attempts the number of attempts without success
 * @param since when the first of these attempts began
 * @param reason the types of the last failure, or null when no attempt has ended
 */
public record UnpublishedChangelog(int attempts, Instant since, String reason) {}
