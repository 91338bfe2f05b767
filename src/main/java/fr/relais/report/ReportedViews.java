package fr.relais.report;

import java.time.YearMonth;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The views that the report of a month contains, read from the table {@code view_count}. */
final class ReportedViews {

    private final JdbcClient jdbc;

    /** The totals of a report: its views, and the offers that have a line. */
    record Total(long views, long offers) {}

    ReportedViews(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Returns the totals of a month.
     *
     * @param withRobots whether views by robots are reported too
     * @param withZeros whether offers without any view are reported too
     */
    Total total(YearMonth month, boolean withRobots, boolean withZeros) {
        return jdbc.sql("select coalesce(sum(n), 0), count(*) from (" + counts(withRobots, withZeros) + ") counts")
                .param("month", month.atDay(1))
                .query((row, number) -> new Total(row.getLong(1), row.getLong(2)))
                .single();
    }

    /** Returns the CSV of a report. */
    byte[] csv(MonthlyReport report) {
        ReportCsv csv = new ReportCsv(report.month(), report.views());
        jdbc.sql(counts(report.withRobots(), report.withZeros()) + " order by offer_id")
                .param("month", report.month().atDay(1))
                .query(row -> {
                    csv.add(row.getString(1), row.getLong(2));
                });
        return csv.bytes();
    }

    private static String counts(boolean withRobots, boolean withZeros) {
        return "select offer_id, sum("
                + (withRobots ? "views + late_views" : "views + late_views - robots - late_robots")
                + ") as n from view_count where month = :month and offer_id <> '' group by offer_id"
                + (withZeros ? "" : " having n > 0");
    }
}
