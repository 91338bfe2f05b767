package fr.relais.budget;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;

/**
 * A function that turns clients into pseudonyms, with a secret salt of 256 random bits. The same client always gets the
 * same pseudonym. Once the salt is deleted, nobody can find out whose pseudonym it was.
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

    /** Returns the pseudonym of a client. Safe for use by many threads. */
    Pseudonym pseudonym(Client client) {
        return Pseudonym.of(hash(client.prefix(0)), hash(client.prefix(1)), hash(client.prefix(2)));
    }

    /** Returns the pseudonym of an address, for comparing whole addresses only. Safe for use by many threads. */
    Pseudonym pseudonym(InetAddress address) {
        return Pseudonym.of(hmac(address.getAddress()));
    }

    private long hash(byte[] prefix) {
        return ByteBuffer.wrap(hmac(prefix)).getLong();
    }

    private byte[] hmac(byte[] identity) {
        try {
            // A clone is far cheaper than a new instance, and than waiting for a shared one.
            return ((Mac) mac.clone()).doFinal(identity);
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
