package fr.relais.views;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Somebody has looked at an offer.
 *
 * @param offerId the source's id, 1 to 64 of the characters {@code A-Z a-z 0-9 . _ -}
 * @param at when, by the clock of the site
 * @param key the same whenever the delivery of this event is retried, or null: then the rest of the event stands for it
 * @param agent the visitor's {@code User-Agent}, or null; it tells robots apart and is never stored
 * @param shown whether it was this process that showed the offer: then it was in the mirror, and the event is delivered once
 */
public record View(String offerId, Instant at, String key, String agent, boolean shown) {

    private static final Pattern OFFER_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    /** A clock may be wrong by any time; beyond these an instant is in no month. */
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("+999999-01-01T00:00:00Z");
    private static final int LONGEST_KEY = 200;

    /** @throws RejectedView when one of them is missing or not as it has to be */
    public View {
        if (offerId == null || !isOfferId(offerId)) {
            throw new RejectedView("offerId takes 1 to 64 letters, digits, dots, dashes or underscores");
        } else if (at == null) {
            throw new RejectedView("at is missing");
        } else if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
            throw new RejectedView("at takes an instant from " + EARLIEST + " to " + LATEST);
        } else if (key != null && (key.isEmpty() || key.length() > LONGEST_KEY)) {
            throw new RejectedView("key takes 1 to " + LONGEST_KEY + " characters");
        }
    }

    /** A view that a site tells of. */
    public View(String offerId, Instant at, String key, String agent) {
        this(offerId, at, key, agent, false);
    }

    /** A view of an offer that is shown now. */
    public static View shown(String offerId, Instant at, String agent) {
        return new View(offerId, at, null, agent, true);
    }

    /** Whether it can be the id of an offer. */
    public static boolean isOfferId(String text) {
        return OFFER_ID.matcher(text).matches();
    }

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
