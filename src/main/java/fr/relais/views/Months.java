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

/** The months in the table {@code monthly_report}. A month is open for views until it is frozen. */
public final class Months {

    private final JdbcClient jdbc;
    private final ZoneId zone;

    /**
     * The open months.
     *
     * @param first the month in which late views are counted, whose own month is not open: the present month, or the
     *     month after the last closed one when that is later
     */
    record Open(Set<YearMonth> months, YearMonth first) {}

    public Months(JdbcClient jdbc, ZoneId zone) {
        this.jdbc = jdbc;
        this.zone = zone;
    }

    /** Returns the month of an instant. */
    public YearMonth of(Instant at) {
        return YearMonth.from(at.atZone(zone));
    }

    /** Returns the day of an instant. */
    LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, zone);
    }

    /** Returns the first instant after a month. */
    public Instant end(YearMonth month) {
        return month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant();
    }

    /**
     * Opens every month from the first known month to the present one, including months in which no process ran. Must
     * be called in a transaction; no month can be frozen until it ends.
     *
     * @param wanted the months of the views to be counted; those that are unknown are opened too, unless they are
     *     earlier than the previous month
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
        YearMonth lastClosed = known.entrySet().stream()
                .filter(month -> !month.getValue())
                .map(Map.Entry::getKey)
                .reduce(present.minusMonths(1), (one, other) -> one.isAfter(other) ? one : other);
        return new Open(
                known.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()),
                lastClosed.plusMonths(1));
    }

    /** Opens every month up to the present one, unless the mirror was wiped. Must be called in a transaction. */
    public void open(Instant now) {
        if (!isWiped()) {
            open(now, Set.of());
        }
    }

    /**
     * Returns whether a wipe has begun, so that no view may be stored any more. If not, no wipe can begin until the
     * current transaction ends.
     */
    boolean isWiped() {
        return jdbc.sql("select state in ('wiping', 'wiped') from seal where id = 1 lock in share mode")
                .query(Boolean.class)
                .single();
    }

    private void open(YearMonth month, Instant at) {
        jdbc.sql("insert ignore into monthly_report (month, state, opened_at) values (:month, 'open', :at)")
                .param("month", month.atDay(1))
                .param("at", UtcTime.of(at))
                .update();
    }

    /** Returns the known months in order, each with whether it is open, and locks them against a freeze. */
    private Map<YearMonth, Boolean> read() {
        Map<YearMonth, Boolean> months = new TreeMap<>();
        jdbc.sql("select month, state = 'open' from monthly_report lock in share mode")
                .query(row -> {
                    months.put(YearMonth.from(row.getObject(1, LocalDate.class)), row.getBoolean(2));
                });
        return months;
    }
}
