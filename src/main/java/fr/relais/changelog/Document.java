package fr.relais.changelog;

/**
 * The changelog in one format, as a file for the public.
 *
 * @param name the name of the file
 * @param mediaType the media type, with the character set where it has one
 * @param content the bytes of the file
 */
public record Document(String name, String mediaType, byte[] content) {

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
