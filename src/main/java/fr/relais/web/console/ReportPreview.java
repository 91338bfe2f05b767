package fr.relais.web.console;

import fr.relais.report.CountsChanged;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.List;

/**
 * The beginning of the CSV of a report.
 *
 * @param report the report with its totals, also while the month is open
 * @param lines the first lines
 * @param total the number of all lines
 * @param isChanged whether the counts have changed since the month was frozen, so that there is no CSV
 */
record ReportPreview(MonthlyReport report, List<String> lines, long total, boolean isChanged) {

    private static final int LINES = 20;

    static ReportPreview of(MonthlyReports reports, YearMonth month) {
        MonthlyReport report = reports.of(month);
        if (report.countsDeleted()) {
            return new ReportPreview(report, List.of(), 0, false);
        }
        try {
            return of(report, reports.csv(report));
        } catch (CountsChanged e) {
            return new ReportPreview(report, List.of(), 0, true);
        }
    }

    /** Decodes only the first lines, because the CSV of a large month takes a large part of the memory. */
    private static ReportPreview of(MonthlyReport report, byte[] csv) {
        long total = 0;
        int end = 0;
        for (int i = 0; i < csv.length; i++) {
            if (csv[i] == '\n' && ++total <= LINES) {
                end = i + 1;
            }
        }
        return new ReportPreview(
                report,
                new String(csv, 0, end, StandardCharsets.UTF_8)
                        .lines()
                        .map(ReportPreview::withoutMark)
                        .toList(),
                total,
                false);
    }

    /** Returns the first lines as one text. */
    public String text() {
        return String.join("\n", lines);
    }

    /** Returns a line without the byte order mark, which spreadsheets need and nobody sees. */
    private static String withoutMark(String line) {
        return line.startsWith("\uFEFF") ? line.substring(1) : line;
    }
}
