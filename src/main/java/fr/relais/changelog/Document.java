package fr.relais.changelog;

/**
 * The changelog in one form, as a file for the public.
 *
 * @param name of the file
 * @param mediaType with its character set
 */
public record Document(String name, String mediaType, byte[] content) {

    /** By identity, since Camel hashes the target of an expression, and hashing the content would take long. */
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
