package fr.relais.budget;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;

/**
 * That a client opened an offer for the first time in a day.
 *
 * @param offer see {@link #offer}
 */
record Opening(LocalDate day, Salt.Token client, long offer, Kind kind) {

    /** What it cost, beside one of the client's offers; the table has the ordinal. */
    enum Kind {
        /** Nothing: others had opened it. */
        FAMILIAR,
        /** One of those that every client may open first. */
        FREE,
        /** One of the pool of all clients. */
        DRAWN,
        /** Nothing: the client has a key. */
        KEY
    }

    /** The first 64 bits of the SHA-256 of an offer's id. Without a salt, or the offers that many open could not be known the day after. */
    static long offer(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
