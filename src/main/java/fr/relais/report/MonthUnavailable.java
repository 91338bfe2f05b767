package fr.relais.report;

import fr.relais.failure.RelaisException;
import java.time.YearMonth;

/** The report of a month cannot be printed or sent. */
public final class MonthUnavailable extends RelaisException {

    private static final long serialVersionUID = 1L;

    private MonthUnavailable(String message) {
        super(message, "Choose another month; the command's --help explains its options.");
    }

    static MonthUnavailable notOver(YearMonth month) {
        return new MonthUnavailable("The month " + month + " is not over, so its report cannot be sent yet");
    }

    static MonthUnavailable notCounted(YearMonth month) {
        return new MonthUnavailable("No view was counted in the month " + month);
    }

    static MonthUnavailable countsDeleted(MonthlyReport report) {
        return new MonthUnavailable("Only the totals of " + report.month() + " are left: " + report.views()
                + " views of " + report.offers() + " offers, reported in a file with SHA-256 " + report.sha256());
    }
}
