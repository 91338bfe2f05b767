package fr.relais.sweep;

import java.util.Locale;

/** The states of a sweep. The database and messages use the names in lower case. */
public enum SweepState {
    /** The slices are being read. */
    READING,
    /** The candidates are being removed, because every slice is proved or a person has approved the removals. */
    REMOVING,
    /** Every slice was read completely, and each candidate was removed, kept or left undecided. */
    PROVED,
    /** The sweep would remove more than the guard allows, and waits for approval. */
    HELD,
    /** The sweep was held, and a person has refused to remove its candidates. */
    REFUSED,
    /** Not every slice could be read, the source could not be trusted or was not available, or a hook failed. */
    INCOMPLETE,
    /** The process died, and the next sweep started from the beginning. */
    ABANDONED,
    /** The database was restored from a copy, so the sweep no longer counts as proved. */
    RESTORED;

    /** Returns the state for a value of the column. */
    static SweepState of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    /** Returns whether the sweep has ended. */
    public boolean isEnded() {
        return this != READING && this != REMOVING;
    }

    /** Returns the name in lower case, as in the database. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
