package fr.relais.sweep;

import java.util.Locale;

/** The states of a sweep. The database and messages have their names in lower case. */
public enum SweepState {
    /** Its slices are being read. */
    READING,
    /** Every slice is proved, and its candidates are being removed. */
    REMOVING,
    /** The mirror is what the sweep saw. */
    PROVED,
    /** It would remove more than the guard allows, and waits for a person. */
    HELD,
    /** It could not read or decide everything. */
    INCOMPLETE,
    /** Its process died, and no later one resumed it. */
    ABANDONED,
    /** The database was restored from a copy after it, so it no longer counts as proved. */
    RESTORED;

    /** The state of a column. */
    static SweepState of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    /** Whether the sweep is over. */
    public boolean isEnded() {
        return this != READING && this != REMOVING;
    }

    /** The name in lower case, as in the database. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
