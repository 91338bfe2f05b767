package fr.relais.changelog;

/**
 * A file for the public.
 *
 * @param name of the file
 * @param mediaType with its character set
 */
public record Document(String name, String mediaType, byte[] content) {

    /** Identity, and none of the bytes: Camel looks up what an expression may call by the hash of its target. */
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
