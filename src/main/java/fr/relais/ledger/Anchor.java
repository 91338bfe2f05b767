package fr.relais.ledger;

/**
 * A place in the chain of the ledger. An anchor that was noted elsewhere, such as in the monthly mail, shows whether
 * the ledger has been rewritten since.
 *
 * @param number the number of an entry; 0 before the first
 * @param hash the SHA-256 of that entry in hexadecimal
 */
public record Anchor(long number, String hash) {

    /** The place before the first entry. */
    static final Anchor START = new Anchor(0, "0".repeat(64));

    /**
     * Returns the anchor of a text in the form of {@link #toString}.
     *
     * @throws IllegalArgumentException when the text has another form
     */
    public static Anchor of(String text) {
        if (!text.matches("\\d{1,18}:[0-9a-f]{64}")) {
            throw new IllegalArgumentException("takes a number, a colon and 64 hexadecimal digits");
        }
        int colon = text.indexOf(':');
        return new Anchor(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
    }

    /** Returns {@code number:hash}, the form in the monthly mail, in the changelog and on the command line. */
    @Override
    public String toString() {
        return number + ":" + hash;
    }
}
