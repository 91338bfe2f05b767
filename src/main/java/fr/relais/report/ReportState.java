package fr.relais.report;

import java.util.Locale;

/** The states of a monthly report. */
public enum ReportState {
    /** Views are counted. */
    OPEN,
    /** Frozen, and to be sent. */
    PREPARED,
    /** Given to the mail server, whose answer is not known. */
    SUBMITTING,
    /** Accepted by the mail server. */
    ACCEPTED,
    /** Seen in a mailbox of our own. */
    CONFIRMED,
    /** Refused by the mail server for good. */
    FAILED;

    /** The state in the column of the database. */
    static ReportState of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    /** In lower case, as in the database, on the console and in messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
