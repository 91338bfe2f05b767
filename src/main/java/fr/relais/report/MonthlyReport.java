package fr.relais.report;

import java.time.Instant;
import java.time.YearMonth;

/**
 * The report of one month: as it was frozen, or, while the month is open, as it would be now.
 *
 * @param openedAt since when views are counted in it
 * @param preparedAt when it was frozen, in whole seconds, or null
 * @param withRobots whether views by robots are reported too
 * @param withZeros whether offers without any view have a line
 * @param views in total, as reported
 * @param offers lines
 * @param sha256 of the CSV, or null while open
 * @param attempts to send it
 * @param submittedAt when the last attempt began, or null
 * @param reply what the mail server said last, or null
 * @param reason why it is not sent, or null
 * @param isReduced whether the counts of its offers have been deleted, and only these totals are left
 */
public record MonthlyReport(
        YearMonth month,
        ReportState state,
        Instant openedAt,
        Instant preparedAt,
        boolean withRobots,
        boolean withZeros,
        long views,
        long offers,
        String sha256,
        int attempts,
        Instant submittedAt,
        String reply,
        String reason,
        boolean isReduced) {

    /** Whether the mail server has it. */
    public boolean isSent() {
        return state == ReportState.ACCEPTED || state == ReportState.CONFIRMED;
    }

    /** The name of its file. */
    public String fileName() {
        return "consultations-" + month + ".csv";
    }
}
