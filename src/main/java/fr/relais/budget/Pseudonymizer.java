package fr.relais.budget;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * Turns identities into pseudonyms by a secret salt of 256 random bits. One identity always gets the same pseudonym; once the salt is
 * deleted, nobody can tell whose pseudonym it was.
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

    /** Safe for use by many threads. */
    Pseudonym pseudonym(byte[] identity) {
        try {
            // A copy is far cheaper than a new instance, and than waiting for a shared one.
            return Pseudonym.of(((Mac) mac.clone()).doFinal(identity));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own implementation can be cloned", e);
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
