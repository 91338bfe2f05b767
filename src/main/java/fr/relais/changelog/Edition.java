package fr.relais.changelog;

import java.time.LocalDateTime;
import java.util.List;

/**
 * An edition of the changelog that one process has claimed and publishes.
 *
 * @param state SHA-256 of its content and of where it is published
 * @param claimedUntil when other processes may claim it, in UTC; null when there is nothing to publish
 * @param documents the files to publish
 */
public record Edition(String state, LocalDateTime claimedUntil, List<Document> documents) {

    /** Nothing to publish. */
    static final Edition NONE = new Edition(null, null, List.of());

    @Override
    public String toString() {
        return documents.toString();
    }
}
