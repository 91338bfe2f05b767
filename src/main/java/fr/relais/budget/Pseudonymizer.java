package fr.relais.budget;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * A function that turns identities into pseudonyms, with a secret salt of 256 random bits. The same identity always
 * gets the same pseudonym. Once the salt is deleted, nobody can find out whose pseudonym it was.
 */
final class Pseudonymizer {

    private static final int SALT_BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] salt;
    private final Mac mac;

    Pseudonymizer(byte[] salt) {
        this.salt = salt.clone();
        this.mac = HmacUtils.getInitializedMac(HmacAlgorithms.HMAC_SHA_256, salt);
    }

    static Pseudonymizer random() {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return new Pseudonymizer(salt);
    }

    /** Returns the pseudonym of an identity. Safe for use by many threads. */
    Pseudonym pseudonym(byte[] identity) {
        try {
            // A clone is far cheaper than a new instance, and than waiting for a shared one.
            return Pseudonym.of(((Mac) mac.clone()).doFinal(identity));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("this JDK's HMAC-SHA-256 cannot be cloned", e);
        }
    }

    byte[] salt() {
        return salt.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Pseudonymizer pseudonymizer && Arrays.equals(salt, pseudonymizer.salt);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(salt);
    }
}
