package fr.relais.source;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * One offer as it stands in a page, its bytes untouched. It shares the page's array: nothing is copied for the many offers
 * that did not change.
 *
 * @param id the offer's id, 1 to 64 printable ASCII characters
 * @param dateCreation its creation date as labelled by the source, or null; its zone is not to be trusted
 */
public record ReceivedOffer(String id, Instant dateCreation, byte[] page, int offset, int length) {

    /** The JSON of the offer, byte for byte. */
    public byte[] json() {
        return Arrays.copyOfRange(page, offset, offset + length);
    }

    /** SHA-256 of the bytes as received. */
    public byte[] digest() {
        return sha256(page, offset, length);
    }

    static byte[] sha256(byte[] bytes, int offset, int length) {
        return DigestUtils.digest(DigestUtils.getSha256Digest(), ByteBuffer.wrap(bytes, offset, length));
    }
}
