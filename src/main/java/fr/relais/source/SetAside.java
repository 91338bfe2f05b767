package fr.relais.source;

import java.util.HexFormat;

/**
 * A record that cannot be mirrored. Its content is not kept, only why, and a hash to tell it from others.
 *
 * @param reason what is wrong with it, in words that quote nothing of it
 * @param hash SHA-256 of its bytes as received, in hexadecimal
 */
public record SetAside(String reason, String hash) {

    static SetAside of(String reason, byte[] page, int offset, int length) {
        return new SetAside(reason, HexFormat.of().formatHex(ReceivedOffer.sha256(page, offset, length)));
    }

    /** For an offer whose page could be read but which cannot be kept. */
    public static SetAside of(String reason, ReceivedOffer offer) {
        return of(reason, offer.page(), offer.offset(), offer.length());
    }
}
