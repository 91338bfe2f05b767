package fr.relais.report;

import fr.relais.failure.RelaisException;
import java.time.YearMonth;

/** A month of which the wanted report cannot be made. */
public final class MonthUnavailable extends RelaisException {

    private static final long serialVersionUID = 1L;

    private MonthUnavailable(String message) {
        super(message, "The command's --help says what it takes.");
    }

    static MonthUnavailable notOver(YearMonth month) {
        return new MonthUnavailable("The month " + month + " is not over, so its report cannot be sent yet");
    }

    static MonthUnavailable notCounted(YearMonth month) {
        return new MonthUnavailable("In the month " + month + " no view was counted");
    }

    static MonthUnavailable countsDeleted(MonthlyReport report) {
        return new MonthUnavailable("Of the month " + report.month() + " only the total is left: " + report.views()
                + " views of " + report.offers() + " offers, reported in a file with SHA-256 " + report.sha256());
    }
}
