package fr.relais.web.console;

import fr.relais.Relais;
import fr.relais.report.MonthlyReport;
import fr.relais.report.ReportState;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * The reports of the last months. Adding up the views of a large open month takes seconds, so it is done in the
 * background, over the pipeline's connections. Visitors' connections have too short a timeout.
 */
@Component
final class RecentReports {

    private static final int MONTHS = 13;

    private final SlowValues<Relais, Map<YearMonth, MonthlyReport>> counted =
            new SlowValues<>(relais -> relais.overPipeline().reports().last(MONTHS).stream()
                    .collect(Collectors.toMap(MonthlyReport::month, Function.identity())));

    /**
     * The reports, newest first.
     *
     * @param isCounted whether open months have totals, up to five minutes old; false when these are not known in time
     */
    record Reading(List<MonthlyReport> reports, boolean isCounted) {}

    /** Returns the reports with their present states. Only the totals of open months may be old. */
    Reading read(Relais relais) {
        List<MonthlyReport> stored = relais.reports().lastStored(MONTHS);
        if (stored.stream().noneMatch(RecentReports::isOpen)) {
            return new Reading(stored, true);
        }
        Map<YearMonth, MonthlyReport> totals = counted.get(relais).orElse(Map.of());
        return new Reading(
                stored.stream()
                        .map(report -> isOpen(report) ? totals.getOrDefault(report.month(), report) : report)
                        .toList(),
                stored.stream()
                        .filter(RecentReports::isOpen)
                        .map(MonthlyReport::month)
                        .allMatch(totals::containsKey));
    }

    private static boolean isOpen(MonthlyReport report) {
        return report.state() == ReportState.OPEN;
    }
}
