package fr.relais.views;

import fr.relais.database.UtcTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The months of the table {@code monthly_report}. Each is open for views until its report is prepared. */
public final class Months {

    private final JdbcClient jdbc;
    private final ZoneId zone;

    /**
     * The open months.
     *
     * @param first the month in which views count whose own month is closed
     */
    record Open(Set<YearMonth> months, YearMonth first) {}

    public Months(JdbcClient jdbc, ZoneId zone) {
        this.jdbc = jdbc;
        this.zone = zone;
    }

    /** The month of an instant. */
    public YearMonth of(Instant at) {
        return YearMonth.from(at.atZone(zone));
    }

    /** The first instant after the month. */
    public Instant end(YearMonth month) {
        return month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
    }

    /**
     * Opens every month from the first known month to the present one, also those in which no process ran. To be
     * called in a transaction; until its end no report is prepared.
     *
     * @param wanted the months of the views to be counted; the month before the present one is opened for them when
     *     counting has just begun
     */
    Open open(Instant now, Set<YearMonth> wanted) {
        YearMonth present = of(now);
        Map<YearMonth, Boolean> known = read();
        boolean begun = !known.isEmpty();
        Map<YearMonth, Instant> missing = new TreeMap<>();
        if (!known.containsKey(present)) {
            YearMonth from = begun ? known.keySet().iterator().next() : present;
            for (YearMonth month = from; !month.isAfter(present); month = month.plusMonths(1)) {
                missing.put(month, begun ? end(month.minusMonths(1)) : now);
            }
        }
        for (YearMonth month : wanted) {
            if (!month.isBefore(present.minusMonths(1)) && !known.containsKey(month)) {
                missing.putIfAbsent(month, now);
            }
        }
        if (!missing.isEmpty()) {
            missing.forEach(this::open);
            known = read();
        }
        YearMonth closed = known.entrySet().stream()
                .filter(month -> !month.getValue())
                .map(Map.Entry::getKey)
                .reduce(present.minusMonths(1), (one, other) -> one.isAfter(other) ? one : other);
        return new Open(
                known.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()),
                closed.plusMonths(1));
    }

    /** Opens the months up to the present one. */
    public void open(Instant now) {
        open(now, Set.of());
    }

    private void open(YearMonth month, Instant at) {
        jdbc.sql("insert ignore into monthly_report (month, state, opened_at) values (:month, 'open', :at)")
                .param("month", month.atDay(1))
                .param("at", UtcTime.of(at))
                .update();
    }

    /** Whether each is open, in order. */
    private Map<YearMonth, Boolean> read() {
        Map<YearMonth, Boolean> months = new TreeMap<>();
        jdbc.sql("select month, state = 'open' from monthly_report lock in share mode")
                .query(row -> {
                    months.put(YearMonth.from(row.getObject(1, LocalDate.class)), row.getBoolean(2));
                });
        return months;
    }
}
