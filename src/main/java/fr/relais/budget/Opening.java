package fr.relais.budget;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The first time on a day that a client opens an offer.
 *
 * @param offer the {@link #digest} of the offer's id
 */
record Opening(LocalDate day, Pseudonym client, long offer, Kind kind) {

    /**
     * What an opening costs. The table stores the ordinal, so the order must not change.
     */
    enum Kind {
        /** Nothing: the offer was familiar. */
        FAMILIAR,
        /** One of the client's free unopened offers. */
        FREE,
        /** One offer of the common pool. */
        DRAWN,
        /** Nothing: the client has a key. */
        KEY
    }

    /**
     * Returns the first 64 bits of the SHA-256 of an offer's id. There is no salt, because familiar offers must be
     * recognised on the next day.
     */
    static long digest(String id) {
        return ByteBuffer.wrap(DigestUtils.sha256(id)).getLong();
    }
}
