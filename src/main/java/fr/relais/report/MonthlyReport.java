package fr.relais.report;

import java.time.Instant;
import java.time.YearMonth;

/**
 * The report of one month: as it was frozen, or, while the month is open, as it would be now.
 *
 * @param openedAt when the month was opened for views
 * @param preparedAt when the month was frozen, in whole seconds; null while it is open
 * @param withRobots whether views by robots are reported too
 * @param withZeros whether offers without any view have a line
 * @param views the total number of reported views
 * @param offers the number of offers in the report, each on its own line
 * @param sha256 the SHA-256 of the CSV in hexadecimal; null while the month is open
 * @param attempts the number of attempts to send the report
 * @param submittedAt when the last attempt began, in whole seconds, or null
 * @param reply the last reply of the mail server, or null
 * @param reason why the report was not sent, or null
 * @param countsDeleted whether the counts of the offers have been deleted and only the totals are left
 * @param anchor the place of the freeze in the ledger, as {@code number:hash}; null while the month is open
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
        boolean countsDeleted,
        String anchor) {

    /** Returns whether the mail server has accepted the report. */
    public boolean isSent() {
        return state == ReportState.ACCEPTED || state == ReportState.CONFIRMED;
    }

    /** Returns the file name of the CSV. */
    public String fileName() {
        return "consultations-" + month + ".csv";
    }
}
