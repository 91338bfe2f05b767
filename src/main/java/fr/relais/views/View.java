package fr.relais.views;

import fr.relais.source.OfferId;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A view of an offer.
 *
 * @param offerId the source's id, as {@link OfferId} describes
 * @param at when, by the clock of the site
 * @param key an idempotency key: the same whenever the delivery of this view is retried; null when the other fields
 *     identify the view
 * @param agent the visitor's {@code User-Agent}, or null; it tells robots apart and is never stored
 * @param shown whether this process showed the offer: then the offer was in the mirror, and the view is delivered once
 */
public record View(String offerId, Instant at, String key, String agent, boolean shown) {

    /** A clock may be wrong by any time; outside these bounds an instant belongs to no month. */
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("+999999-01-01T00:00:00Z");
    private static final int LONGEST_KEY = 200;
    private static final int HASH_BYTES = 16;

    /** @throws RejectedView when a field is missing or invalid */
    public View {
        if (offerId == null || !OfferId.isValid(offerId)) {
            throw new RejectedView("offerId takes 1 to 64 letters, digits, dots, dashes or underscores");
        } else if (at == null) {
            throw new RejectedView("at is missing");
        } else if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
            throw new RejectedView("at takes an instant from " + EARLIEST + " to " + LATEST);
        } else if (key != null && (key.isEmpty() || key.length() > LONGEST_KEY)) {
            throw new RejectedView("key takes 1 to " + LONGEST_KEY + " characters");
        }
    }

    /** A view that a site submits. */
    public View(String offerId, Instant at, String key, String agent) {
        this(offerId, at, key, agent, false);
    }

    /** A view of an offer that this process shows now. */
    public static View shown(String offerId, Instant at, String agent) {
        return new View(offerId, at, null, agent, true);
    }

    /** 128 bits that identify the view: equal for a delivery that is retried, different for every other view. */
    byte[] hash() {
        String identity = key == null ? "event\n" + offerId + "\n" + at + "\n" + agent : "key\n" + key;
        return Arrays.copyOf(DigestUtils.sha256(identity), HASH_BYTES);
    }
}
