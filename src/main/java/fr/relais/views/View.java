package fr.relais.views;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

/**
 * Somebody has looked at an offer.
 *
 * @param offerId the source's id, 1 to 64 of the characters {@code A-Z a-z 0-9 . _ -}
 * @param at when, by the clock of the site
 * @param key the same whenever the delivery of this event is retried, or null: then the rest of the event stands for it
 * @param agent the visitor's {@code User-Agent}, or null; it tells robots apart and is never stored
 */
public record View(String offerId, Instant at, String key, String agent) {

    /** 128 bits that are another for each event, and the same for one that is delivered twice. */
    byte[] hash() {
        String identity = key == null ? "event\n" + offerId + "\n" + at + "\n" + agent : "key\n" + key;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(digest, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
