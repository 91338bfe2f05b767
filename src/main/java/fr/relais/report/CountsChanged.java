package fr.relais.report;

import fr.relais.failure.RelaisException;

/** Counts that are no longer those that were frozen. */
public final class CountsChanged extends RelaisException {

    private static final long serialVersionUID = 1L;

    CountsChanged(MonthlyReport report) {
        super(
                "The counts of " + report.month() + " have changed since its report was prepared: its SHA-256 was "
                        + report.sha256(),
                "Find out who changed the table view_count; a backup has the counts as they were.");
    }
}
