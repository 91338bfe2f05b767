package fr.relais.views;

import fr.relais.source.OfferId;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A view of an offer.
 *
 * @param offerId the source's id of the offer, as described by {@link OfferId}
 * @param at when the offer was viewed, by the site's clock
 * @param key an idempotency key, which stays the same when the delivery of the view is retried; null when the other
 *     fields identify the view
 * @param agent the visitor's {@code User-Agent}, or null; used to recognize robots and never stored
 * @param shown whether this process showed the offer itself; then the offer was in the mirror and the view is not
 *     delivered twice
 */
public record View(String offerId, Instant at, String key, String agent, boolean shown) {

    /** The bounds are wide, because a site's clock may be wrong by any amount. */
    private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("+999999-01-01T00:00:00Z");
    private static final int LONGEST_KEY = 200;
    private static final int HASH_BYTES = 16;

    /** @throws RejectedView when a field is missing or invalid */
    public View {
        if (offerId == null || !OfferId.isValid(offerId)) {
            throw new RejectedView("offerId must be 1 to 64 letters, digits, dots, dashes or underscores");
        } else if (at == null) {
            throw new RejectedView("at is missing");
        } else if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
            throw new RejectedView("at must be an instant from " + EARLIEST + " to " + LATEST);
        } else if (key != null && (key.isEmpty() || key.length() > LONGEST_KEY)) {
            throw new RejectedView("key must have 1 to " + LONGEST_KEY + " characters");
        }
    }

    /** Creates a view that a site submits. */
    public View(String offerId, Instant at, String key, String agent) {
        this(offerId, at, key, agent, false);
    }

    /** Creates a view of an offer that this process shows. */
    public static View shown(String offerId, Instant at, String agent) {
        return new View(offerId, at, null, agent, true);
    }

    /**
     * Returns 128 bits that identify the view: the same when its delivery is retried, different for any other view.
     *
     * @param reporter the name of the API key that reports the view, or empty; two sites may use the same idempotency
     *     keys
     */
    byte[] hash(String reporter) {
        String identity = key == null ? "event\n" + offerId + "\n" + at + "\n" + agent : "key\n" + key;
        return Arrays.copyOf(DigestUtils.sha256(reporter + "\n" + identity), HASH_BYTES);
    }
}
