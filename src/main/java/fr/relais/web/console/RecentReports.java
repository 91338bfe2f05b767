package fr.relais.web.console;

import fr.relais.Relais;
import fr.relais.report.MonthlyReport;
import java.util.List;

/**
 * The reports of the last months. Adding up the views of a large open month takes seconds, so it is done in the
 * background, over the pipeline's connections. Visitors' connections have too short a timeout.
 */
final class RecentReports {

    private static final int MONTHS = 13;

    private final SlowValues<Relais, List<MonthlyReport>> counted =
            new SlowValues<>(relais -> relais.pipelineReports().last(MONTHS));

    /**
     * The reports, newest first.
     *
     * @param isCounted whether open months have totals, up to a minute old; false when these are not known in time
     */
    record Reading(List<MonthlyReport> reports, boolean isCounted) {}

    Reading read(Relais relais) {
        return counted.get(relais)
                .map(reports -> new Reading(reports, true))
                .orElseGet(() -> new Reading(relais.reports().lastStored(MONTHS), false));
    }
}
