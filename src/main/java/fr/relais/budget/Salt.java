package fr.relais.budget;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** 256 random bits that make tokens: the same of the same for as long as they are known, and nothing to anybody once they are forgotten. */
final class Salt {

    static final int BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes;
    private final Mac mac;

    /** The first 128 bits of an HMAC-SHA-256. */
    record Token(long high, long low) {

        static Token of(byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Token(buffer.getLong(), buffer.getLong());
        }

        byte[] bytes() {
            return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        }
    }

    Salt(byte[] bytes) {
        this.bytes = bytes.clone();
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(bytes, ALGORITHM));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    static Salt random() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new Salt(bytes);
    }

    Token token(byte[] identity) {
        try {
            // A copy costs far less than a new one, and than waiting for one that all share.
            return Token.of(((Mac) mac.clone()).doFinal(identity));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own can be copied", e);
        }
    }

    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Salt salt && Arrays.equals(bytes, salt.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
