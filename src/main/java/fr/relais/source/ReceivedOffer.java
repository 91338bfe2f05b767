package fr.relais.source;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * One offer of a page, byte for byte. It refers to the page's array, so that nothing is copied for the many offers that
 * did not change.
 *
 * @param id the offer's id, in the format of {@link OfferId}
 * @param dateCreation the creation date as labelled by the source, or null; its time zone is not reliable
 * @param page the body of the answer, shared by all offers of the page
 * @param offset position of the offer's first byte in {@code page}
 * @param length number of bytes of the offer
 */
public record ReceivedOffer(String id, Instant dateCreation, byte[] page, int offset, int length) {

    /** Returns a copy of the offer's JSON, byte for byte. */
    public byte[] json() {
        return Arrays.copyOfRange(page, offset, offset + length);
    }

    /** Returns the SHA-256 of the bytes as received. */
    public byte[] digest() {
        return sha256(page, offset, length);
    }

    static byte[] sha256(byte[] bytes, int offset, int length) {
        return DigestUtils.digest(DigestUtils.getSha256Digest(), ByteBuffer.wrap(bytes, offset, length));
    }
}
