package fr.relais.report;

import java.util.Locale;

/** The states of a monthly report. */
public enum ReportState {
    /** The month is open: views are still counted in it. */
    OPEN,
    /** The month is frozen, and the report waits to be sent. */
    PREPARED,
    /** The report is being sent, or was sent without a reply, so it may have arrived. */
    SUBMITTING,
    /** The mail server has accepted the report. */
    ACCEPTED,
    /** A copy of the report was found in a mailbox of our own. */
    CONFIRMED,
    /** The mail server has received the report and rejected it permanently. */
    FAILED;

    /** Returns the state that a column of the database contains. */
    static ReportState of(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }

    /** Returns the name in lower case, as in the database, on the console and in messages. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
