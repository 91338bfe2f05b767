package fr.relais.changelog;

import org.apache.commons.codec.digest.DigestUtils;

/**
 * The changelog in one format, as a file for the public.
 *
 * @param name the name of the file
 * @param mediaType the media type, with the character set where it has one
 * @param content the bytes of the file
 * @param sha256 the SHA-256 of the content, in hexadecimal
 */
public record Document(String name, String mediaType, byte[] content, String sha256) {

    public Document(String name, String mediaType, byte[] content) {
        this(name, mediaType, content, DigestUtils.sha256Hex(content));
    }

    /** Compares by identity. Camel hashes the target of an expression, and hashing the content would take long. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return name;
    }
}
