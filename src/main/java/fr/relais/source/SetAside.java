package fr.relais.source;

import java.util.HexFormat;
import java.util.Set;

/**
 * A record that cannot be mirrored. Only the reason, a hash and the names of the fields are kept, not the content.
 *
 * @param reason what is wrong with the record, without any quote from it
 * @param hash SHA-256 of the record's bytes as received, in hexadecimal
 * @param fields the fields of the record
 */
public record SetAside(String reason, String hash, Set<SourceField> fields) {

    static SetAside of(String reason, byte[] page, int offset, int length) {
        return new SetAside(
                reason,
                HexFormat.of().formatHex(ReceivedOffer.sha256(page, offset, length)),
                SourceField.of(page, offset, length));
    }

    /** Returns the record of an offer that turned out to be unusable after its page was parsed. */
    public static SetAside of(String reason, ReceivedOffer offer) {
        return of(reason, offer.page(), offer.offset(), offer.length());
    }
}
