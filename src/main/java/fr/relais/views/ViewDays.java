package fr.relais.views;

import fr.relais.database.UtcTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The counts of views by day and reporter, in the table {@code view_day}. The days of a month add up to the counts of
 * that month in {@code view_count}.
 */
final class ViewDays {

    /** How long the days are kept. */
    private static final int KEEP = 400;

    private final JdbcClient jdbc;

    /** What one transaction adds to the rows of {@code view_day}: all views, and among them those by robots. */
    static final class Additions {

        private record Row(LocalDate day, String reporter) {

            /** The order in which every process locks rows, so that processes do not deadlock. */
            private static final Comparator<Row> ORDER =
                    Comparator.comparing(Row::day).thenComparing(Row::reporter);
        }

        private final Map<Row, long[]> rows = new TreeMap<>(Row.ORDER);

        void add(LocalDate day, String reporter, boolean byRobot) {
            long[] counts = rows.computeIfAbsent(new Row(day, reporter), row -> new long[2]);
            counts[0]++;
            counts[1] += byRobot ? 1 : 0;
        }
    }

    ViewDays(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Adds views. Must be the last statement of a transaction, because all processes lock the row of the present day.
     */
    void add(Additions additions) {
        if (additions.rows.isEmpty()) {
            return;
        }
        List<Object> parameters = new ArrayList<>();
        additions.rows.forEach(
                (row, counts) -> Collections.addAll(parameters, row.day, row.reporter, counts[0], counts[1]));
        jdbc.sql("insert into view_day (day, reporter, views, robots) values "
                        + String.join(", ", Collections.nCopies(additions.rows.size(), "(?, ?, ?, ?)"))
                        + " on duplicate key update views = views + values(views), robots = robots + values(robots)")
                .params(parameters)
                .update();
    }

    /** Deletes the counts of a reporter in a month. */
    void delete(String reporter, YearMonth month) {
        jdbc.sql("delete from view_day where day between :first and :last and reporter = :reporter")
                .param("first", month.atDay(1))
                .param("last", month.atEndOfMonth())
                .param("reporter", reporter)
                .update();
    }

    /** Deletes the days that are older than the retention. */
    void deleteOld(Instant now) {
        jdbc.sql("delete from view_day where day < :before")
                .param("before", UtcTime.of(now).toLocalDate().minusDays(KEEP))
                .update();
    }

    /** Returns the days up to the last one, oldest first. A day without views has zeros. */
    List<ViewDay> last(int count, LocalDate last) {
        Map<LocalDate, ViewDay> found = new HashMap<>();
        jdbc.sql("select day, sum(views), sum(robots) from view_day where day > :before and day <= :last group by day")
                .param("before", last.minusDays(count))
                .param("last", last)
                .query(row -> {
                    LocalDate day = row.getObject(1, LocalDate.class);
                    found.put(day, new ViewDay(day, row.getLong(2), row.getLong(3)));
                });
        return last.minusDays(count - 1L)
                .datesUntil(last.plusDays(1))
                .map(day -> found.getOrDefault(day, new ViewDay(day, 0, 0)))
                .toList();
    }
}
