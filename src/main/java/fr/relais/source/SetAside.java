package fr.relais.source;

import java.util.HexFormat;

/**
 * A record that cannot be mirrored. Only the reason and a hash of the record are kept, not its content.
 *
 * @param reason what is wrong with the record, without any quote from it
 * @param hash SHA-256 of the record's bytes as received, in hexadecimal
 */
public record SetAside(String reason, String hash) {

    static SetAside of(String reason, byte[] page, int offset, int length) {
        return new SetAside(reason, HexFormat.of().formatHex(ReceivedOffer.sha256(page, offset, length)));
    }

    /** Returns the record of an offer that turned out to be unusable after its page was parsed. */
    public static SetAside of(String reason, ReceivedOffer offer) {
        return of(reason, offer.page(), offer.offset(), offer.length());
    }
}
