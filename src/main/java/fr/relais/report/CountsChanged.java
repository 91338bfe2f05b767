package fr.relais.report;

import fr.relais.failure.RelaisException;

/** The counts of a month have changed since it was frozen. */
public final class CountsChanged extends RelaisException {

    private static final long serialVersionUID = 1L;

    CountsChanged(MonthlyReport report) {
        super(
                "The counts of " + report.month() + " have changed since the month was frozen: its SHA-256 was "
                        + report.sha256(),
                "Find out who changed the table view_count, and restore the rows of that month from a backup.");
    }
}
