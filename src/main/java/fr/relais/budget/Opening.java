package fr.relais.budget;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The first time in a day that a client opens an offer.
 *
 * @param offer the {@link #offer digest} of the offer's id
 */
record Opening(LocalDate day, Pseudonym client, long offer, Kind kind) {

    /** What the opening cost, besides one of the client's offers of the day. The table stores the ordinal. */
    enum Kind {
        /** Nothing: the offer was familiar. */
        FAMILIAR,
        /** One of the unopened offers that each client has. */
        FREE,
        /** One offer of the pool of all clients. */
        DRAWN,
        /** Nothing: the client has a key. */
        KEY
    }

    /** The first 64 bits of the SHA-256 of an offer's id, without a salt: familiar offers must be known on the day after. */
    static long offer(String id) {
        return ByteBuffer.wrap(DigestUtils.sha256(id)).getLong();
    }
}
