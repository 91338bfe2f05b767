package fr.relais.changelog;

import java.time.LocalDateTime;
import java.util.List;

/**
 * What one process is publishing.
 *
 * @param state SHA-256 of what it tells, and where
 * @param claimedUntil others leave it to this process until then; null when there is nothing to publish
 */
public record Edition(String state, LocalDateTime claimedUntil, List<Document> documents) {

    static final Edition NONE = new Edition(null, null, List.of());

    @Override
    public String toString() {
        return documents.toString();
    }
}
