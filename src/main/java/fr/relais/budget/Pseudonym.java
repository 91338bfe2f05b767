package fr.relais.budget;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A value that stands for a client without identifying it. Clients whose addresses share a prefix share the beginning
 * of their pseudonyms, so that the usage of the prefix can be counted.
 *
 * @param high stands for the /24 (IPv4) or the /48 (IPv6)
 * @param low the first 24 bits stand for the /56, or for the whole IPv4 address; the others stand for the client
 */
record Pseudonym(long high, long low) {

    /** The limits of each of the {@link #levels}, as multiples of the limits of one client. */
    static final int[] FACTORS = {1, 4, 12};

    private static final int CLIENT_BITS = 40;

    /** Creates a pseudonym from 64 random bits for each level: the client, the prefix around it, and the outer one. */
    static Pseudonym of(long client, long inner, long outer) {
        return new Pseudonym(outer, inner >>> CLIENT_BITS << CLIENT_BITS | client >>> Long.SIZE - CLIENT_BITS);
    }

    static Pseudonym of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Pseudonym(buffer.getLong(), buffer.getLong());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** Returns the pseudonyms of the client and of the prefixes around it, from the smallest to the largest. */
    List<Pseudonym> levels() {
        return List.of(this, new Pseudonym(high, low >>> CLIENT_BITS << CLIENT_BITS), new Pseudonym(high, 0));
    }
}
