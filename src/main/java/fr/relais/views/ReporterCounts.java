package fr.relais.views;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Discards the views of a reporter. A reporter may have hundreds of thousands of rows in {@code view_count}, so they
 * are set to zero in chunks, each in a transaction of its own. Otherwise, visitors would have to wait for the whole
 * update.
 */
final class ReporterCounts {

    /** The number of rows in one transaction. */
    private static final int CHUNK = 1_000;

    private static final String OPEN_MONTHS = "select month from monthly_report where state = 'open' order by month";

    private static final String NEXT_OFFERS = """
            select offer_id from view_count
            where month = :month and offer_id >= :from and reporter = :reporter and views + late_views > 0
            order by offer_id limit :chunk""";

    /** Makes a freeze of the month wait for the transaction, but no commit of views. */
    private static final String IS_OPEN =
            "select state = 'open' from monthly_report where month = :month lock in share mode";

    private static final String LOCK_AND_ADD_UP = """
            select coalesce(sum(views + late_views), 0) from view_count
            where month = :month and offer_id in (:offers) and reporter = :reporter for update""";

    private static final String SET_TO_ZERO = """
            update view_count set views = 0, robots = 0, late_views = 0, late_robots = 0
            where month = :month and offer_id in (:offers) and reporter = :reporter""";

    private static final String FROZEN = """
            select month, sum(view_count.views + late_views) as n
            from view_count join monthly_report using (month)
            where reporter = :reporter and state <> 'open' group by month having n > 0""";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;

    /** @param transaction starts a new transaction at level READ COMMITTED */
    ReporterCounts(JdbcClient jdbc, TransactionOperations transaction) {
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** Sets all counts of a reporter in the open months to zero. */
    Views.Discarded discard(String reporter) {
        Map<YearMonth, Long> subtracted = new TreeMap<>();
        for (LocalDate month : jdbc.sql(OPEN_MONTHS).query(LocalDate.class).list()) {
            long views = discard(reporter, month);
            Views.retried(() -> transaction.execute(status -> {
                deleteDays(reporter, month);
                return true;
            }));
            if (views > 0) {
                subtracted.put(YearMonth.from(month), views);
            }
        }
        Map<YearMonth, Long> frozen = new TreeMap<>();
        jdbc.sql(FROZEN).param("reporter", reporter).query(row -> {
            frozen.put(YearMonth.from(row.getObject(1, LocalDate.class)), row.getLong(2));
        });
        return new Views.Discarded(subtracted, frozen);
    }

    /**
     * Deletes the counts by day of a reporter in a month, unless the month is frozen. When it was frozen while views
     * were being subtracted, the days keep all views, because nobody knows on which days the subtracted ones were
     * counted.
     */
    private void deleteDays(String reporter, LocalDate month) {
        if (jdbc.sql(IS_OPEN).param("month", month).query(Boolean.class).single()) {
            new ViewDays(jdbc).delete(reporter, YearMonth.from(month));
        }
    }

    /** Returns the number of subtracted views. Ends early when the month is frozen meanwhile. */
    private long discard(String reporter, LocalDate month) {
        long sum = 0;
        List<String> offers = nextOffers(reporter, month, "");
        while (!offers.isEmpty()) {
            List<String> chunk = offers;
            Long views = Views.retried(() -> transaction.execute(status -> setToZero(reporter, month, chunk)));
            if (views == null) {
                return sum;
            }
            sum += views;
            offers = chunk.size() < CHUNK ? List.of() : nextOffers(reporter, month, chunk.get(CHUNK - 1));
        }
        return sum;
    }

    private List<String> nextOffers(String reporter, LocalDate month, String from) {
        return jdbc.sql(NEXT_OFFERS)
                .param("month", month)
                .param("from", from)
                .param("reporter", reporter)
                .param("chunk", CHUNK)
                .query(String.class)
                .list();
    }

    /** Returns the number of subtracted views, or null when the month is frozen. */
    private Long setToZero(String reporter, LocalDate month, List<String> offers) {
        if (!jdbc.sql(IS_OPEN).param("month", month).query(Boolean.class).single()) {
            return null;
        }
        Map<String, Object> parameters = Map.of("month", month, "offers", offers, "reporter", reporter);
        long views =
                jdbc.sql(LOCK_AND_ADD_UP).params(parameters).query(Long.class).single();
        // The rows stay, because only its row shows that a removed offer was once in the mirror.
        jdbc.sql(SET_TO_ZERO).params(parameters).update();
        return views;
    }
}
