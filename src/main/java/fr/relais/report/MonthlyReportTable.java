package fr.relais.report;

import fr.relais.database.UtcTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table {@code monthly_report}. Freezing a month, claiming a report and ending an attempt depend on the current
 * state, so that only one of several processes succeeds.
 */
final class MonthlyReportTable {

    private static final String SELECT = "select month, state, opened_at, prepared_at, with_robots, with_zeros, views,"
            + " offers, sha256, attempts, submitted_at, reply, reason, reduced_at, anchor from monthly_report ";

    private final JdbcClient jdbc;

    MonthlyReportTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Returns the report of a month, if the month was ever opened for views. */
    Optional<MonthlyReport> find(YearMonth month) {
        return jdbc.sql(SELECT + "where month = :month")
                .param("month", month.atDay(1))
                .query(MonthlyReportTable::report)
                .optional();
    }

    /** Returns the reports of the last months, newest first. */
    List<MonthlyReport> last(int count) {
        return select("order by month desc limit " + count);
    }

    /** Returns the reports of the open months, oldest first. */
    List<MonthlyReport> open() {
        return select("where state = 'open' order by month");
    }

    /** Returns the frozen reports that the mail server has not accepted, oldest first. */
    List<MonthlyReport> unsent() {
        return select("where state in ('prepared', 'submitting', 'failed') order by month");
    }

    /** Returns the frozen reports that are not confirmed. */
    List<MonthlyReport> unconfirmed() {
        return select("where state in ('prepared', 'submitting', 'accepted', 'failed')");
    }

    /** Returns the reports that were accepted before an instant and whose counts have not been deleted. */
    List<MonthlyReport> sentBefore(Instant time) {
        return jdbc.sql(SELECT
                        + "where state in ('accepted', 'confirmed') and reduced_at is null and accepted_at < :time")
                .param("time", UtcTime.of(time))
                .query(MonthlyReportTable::report)
                .list();
    }

    /** Returns the reports that were frozen before an instant, were never accepted, and still have their counts. */
    List<MonthlyReport> unsentBefore(Instant time) {
        return jdbc.sql(SELECT + "where state in ('prepared', 'submitting', 'failed') and reduced_at is null"
                        + " and prepared_at < :time")
                .param("time", UtcTime.of(time))
                .query(MonthlyReportTable::report)
                .list();
    }

    /** Returns the earliest prepared report, if its next attempt is due. */
    Optional<MonthlyReport> nextDue(Instant now) {
        return jdbc.sql(SELECT + "where next_attempt_at <= :now and month ="
                        + " (select min(month) from monthly_report where state = 'prepared')")
                .param("now", UtcTime.of(now))
                .query(MonthlyReportTable::report)
                .optional();
    }

    /**
     * Locks the month until the end of the transaction. Waits for transactions that are counting views; later ones wait
     * for this transaction.
     *
     * @return whether the month is open
     */
    boolean lockIfOpen(YearMonth month) {
        return jdbc.sql("select state = 'open' from monthly_report where month = :month for update")
                .param("month", month.atDay(1))
                .query(Boolean.class)
                .single();
    }

    /**
     * Adds a row with no views and no reporter to {@code view_count} for each offer in the mirror that has no such row.
     */
    void addZeros(YearMonth month) {
        jdbc.sql("insert ignore into view_count (month, offer_id) select :month, id from offer")
                .param("month", month.atDay(1))
                .update();
    }

    void markPrepared(MonthlyReport report, String sha256, Instant now) {
        jdbc.sql("""
                update monthly_report set state = 'prepared', prepared_at = :now, next_attempt_at = :now,
                  with_robots = :withRobots, with_zeros = :withZeros, views = :views, offers = :offers,
                  sha256 = :sha256,
                  robots = (select coalesce(sum(robots + late_robots), 0) from view_count where month = :month),
                  unknown = (select coalesce(sum(views + late_views), 0) from view_count
                    where month = :month and offer_id = '')
                where month = :month and state = 'open'""")
                .param("now", UtcTime.of(now))
                .param("withRobots", report.withRobots())
                .param("withZeros", report.withZeros())
                .param("views", report.views())
                .param("offers", report.offers())
                .param("sha256", sha256)
                .param("month", report.month().atDay(1))
                .update();
    }

    /**
     * Claims the next attempt to send a report.
     *
     * @return false when another process has claimed the attempt, or there is nothing to send
     */
    boolean claim(MonthlyReport report, Instant now) {
        return jdbc.sql("""
                update monthly_report set state = 'submitting', submitted_at = :now, attempts = attempts + 1,
                  reply = null
                where month = :month and state = 'prepared' and attempts = :attempts""")
                        .param("now", UtcTime.of(now))
                        .param("month", report.month().atDay(1))
                        .param("attempts", report.attempts())
                        .update()
                == 1;
    }

    /**
     * Marks a report as accepted.
     *
     * @param report the report as it was before this attempt was claimed
     * @return false when the attempt is no longer the latest, or its outcome is known already
     */
    boolean markAccepted(MonthlyReport report, String reply, Instant now) {
        return jdbc.sql("""
                update monthly_report set state = 'accepted', accepted_at = :now, reply = left(:reply, 500),
                  reason = null
                where month = :month and state = 'submitting' and attempts = :attempts + 1""")
                        .param("now", UtcTime.of(now))
                        .param("reply", reply)
                        .param("month", report.month().atDay(1))
                        .param("attempts", report.attempts())
                        .update()
                == 1;
    }

    /**
     * Records the failure of an attempt.
     *
     * @param report the report as it was before this attempt was claimed
     * @return false when the attempt is no longer the latest, or its outcome is known already
     */
    boolean recordFailure(MonthlyReport report, SendFailure failure, Instant nextAttempt) {
        return jdbc.sql("""
                update monthly_report set state = :state, next_attempt_at = :next, reason = left(:reason, 500)
                where month = :month and state = 'submitting' and attempts = :attempts + 1""")
                        .param("state", failure.state().toString())
                        .param("next", UtcTime.of(nextAttempt))
                        .param("reason", failure.reason())
                        .param("month", report.month().atDay(1))
                        .param("attempts", report.attempts())
                        .update()
                == 1;
    }

    /** Returns false when the month is open, or the report is confirmed already. */
    boolean markConfirmed(YearMonth month, Instant now) {
        return jdbc.sql("""
                update monthly_report set state = 'confirmed', accepted_at = coalesce(accepted_at, :now), reason = null
                where month = :month and state not in ('open', 'confirmed')""")
                        .param("now", UtcTime.of(now))
                        .param("month", month.atDay(1))
                        .update()
                == 1;
    }

    /** Returns false when the month is open. */
    boolean prepareResend(YearMonth month, Instant now) {
        return jdbc.sql("""
                update monthly_report set state = 'prepared', next_attempt_at = :now, reason = null
                where month = :month and state <> 'open'""")
                        .param("now", UtcTime.of(now))
                        .param("month", month.atDay(1))
                        .update()
                == 1;
    }

    /** Returns false when the report no longer has this state and this number of attempts. */
    boolean prepareResend(YearMonth month, ReportState state, int attempts, Instant now) {
        return jdbc.sql("""
                update monthly_report set state = 'prepared', next_attempt_at = :now, reason = null
                where month = :month and state = :state and attempts = :attempts and state <> 'open'""")
                        .param("now", UtcTime.of(now))
                        .param("month", month.atDay(1))
                        .param("state", state.toString())
                        .param("attempts", attempts)
                        .update()
                == 1;
    }

    /** Returns false when the month is open, or the report has been accepted already. */
    boolean markDelivered(YearMonth month, Instant now) {
        return jdbc.sql("""
                update monthly_report set state = 'accepted', accepted_at = coalesce(accepted_at, :now), reason = null
                where month = :month and state in ('prepared', 'submitting', 'failed')""")
                        .param("now", UtcTime.of(now))
                        .param("month", month.atDay(1))
                        .update()
                == 1;
    }

    /** Stores the place of the freeze in the ledger. */
    void setAnchor(YearMonth month, String anchor) {
        jdbc.sql("update monthly_report set anchor = :anchor where month = :month")
                .param("anchor", anchor)
                .param("month", month.atDay(1))
                .update();
    }

    /** Marks the prepared reports as reports whose delivery is unknown. */
    void holdPrepared(String reason) {
        jdbc.sql("""
                update monthly_report set state = 'submitting', submitted_at = null, reason = :reason
                where state = 'prepared'""").param("reason", reason).update();
    }

    /** Deletes the counts of each offer and keeps the totals. Must be called in a transaction. */
    void deleteCounts(YearMonth month, Instant now) {
        jdbc.sql("delete from view_count where month = :month")
                .param("month", month.atDay(1))
                .update();
        jdbc.sql("update monthly_report set reduced_at = :now where month = :month")
                .param("now", UtcTime.of(now))
                .param("month", month.atDay(1))
                .update();
    }

    /** Records that a report can no longer be sent. */
    void giveUp(YearMonth month, String reason) {
        jdbc.sql("update monthly_report set state = 'failed', reason = :reason where month = :month")
                .param("reason", reason)
                .param("month", month.atDay(1))
                .update();
    }

    private List<MonthlyReport> select(String clauses) {
        return jdbc.sql(SELECT + clauses).query(MonthlyReportTable::report).list();
    }

    private static MonthlyReport report(ResultSet row, int number) throws SQLException {
        return new MonthlyReport(
                YearMonth.from(row.getObject("month", LocalDate.class)),
                ReportState.of(row.getString("state")),
                UtcTime.instant(row, "opened_at"),
                UtcTime.instant(row, "prepared_at"),
                row.getBoolean("with_robots"),
                row.getBoolean("with_zeros"),
                row.getLong("views"),
                row.getLong("offers"),
                row.getString("sha256"),
                row.getInt("attempts"),
                UtcTime.instant(row, "submitted_at"),
                row.getString("reply"),
                row.getString("reason"),
                row.getObject("reduced_at") != null,
                row.getString("anchor"));
    }
}
