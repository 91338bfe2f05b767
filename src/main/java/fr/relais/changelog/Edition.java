package fr.relais.changelog;

import java.time.LocalDateTime;
import java.util.List;

/**
 * An edition of the changelog that this process has claimed and publishes.
 *
 * @param state a SHA-256 in hexadecimal that identifies the content and the destination
 * @param claimedUntil when the claim expires, in UTC; null when there is nothing to publish
 * @param documents the documents to publish
 */
public record Edition(String state, LocalDateTime claimedUntil, List<Document> documents) {

    /** The edition that stands for nothing to publish. */
    static final Edition NONE = new Edition(null, null, List.of());

    @Override
    public String toString() {
        return documents.toString();
    }
}
