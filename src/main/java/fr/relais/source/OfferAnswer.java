package fr.relais.source;

import java.util.List;
import java.util.Map;

/**
 * The answer to a request for one offer.
 *
 * @param status the HTTP status: 200 when the source shows the offer, otherwise 204, 404 or 410
 * @param offer the offer, or null when the source does not show it
 * @param origine the origin that the offer names, or null when it names none or an unknown one
 */
public record OfferAnswer(int status, ReceivedOffer offer, String origine) {

    /** Whether the source shows the offer, and so still has it. */
    public boolean isShown() {
        return offer != null;
    }

    /** Returns a page of this offer only, to be compared with the mirror. The source must have shown the offer. */
    public Page page() {
        return new Page(0, 1, List.of(offer), List.of(), Map.of());
    }

    /** Compares by identity. Camel hashes the target of each expression, which would be slow with the content. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
