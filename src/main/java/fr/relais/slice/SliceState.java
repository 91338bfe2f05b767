package fr.relais.slice;

import java.util.Locale;

/** The states of a slice. The database uses the names in lower case. */
public enum SliceState {
    /** Nobody reads the slice yet. */
    PLANNED,
    /** A worker reads the slice. */
    READING,
    /** The slice was read completely, with proof. */
    PROVED,
    /** Smaller slices have taken its place. */
    SPLIT,
    /** The slice was given up without proof, so its sweep is incomplete. */
    UNPROVED;

    /** Returns the state for a value of the column. */
    static SliceState of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    /** Returns the name in lower case, as in the database. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
