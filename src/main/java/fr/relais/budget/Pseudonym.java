package fr.relais.budget;

import java.nio.ByteBuffer;

/** A value that stands for a client without identifying it: the first 128 bits of an HMAC-SHA-256. */
record Pseudonym(long high, long low) {

    static Pseudonym of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Pseudonym(buffer.getLong(), buffer.getLong());
    }

    byte[] bytes() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }
}
