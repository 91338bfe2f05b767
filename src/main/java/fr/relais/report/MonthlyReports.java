package fr.relais.report;

import fr.relais.views.Months;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.quartz.CronExpression;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The table {@code monthly_report}: freezes the months that are over, and knows of each report whether it was sent. Every step
 * is a conditional update, so that of several processes one sends.
 */
public final class MonthlyReports {

    private static final Duration SHORTEST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(6);

    /** A mail server answers within a few minutes; a report that waits longer was left by a process that died. */
    private static final Duration LONGEST_SUBMISSION = Duration.ofMinutes(15);

    /** A mail server may well be away for some hours. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private static final String COLUMNS =
            "month, state, opened_at, prepared_at, with_robots, with_zeros, views, offers, sha256, attempts, submitted_at, reply, reason, forgotten_at";

    private final JdbcClient jdbc;
    private final TransactionOperations transaction;
    private final Months months;
    private final CronExpression cron;
    private final boolean withRobots;
    private final boolean withZeros;
    private final Duration keep;
    private final Clock clock;

    /**
     * @param transaction at level READ COMMITTED
     * @param cron when the month before is frozen, as Quartz writes it
     * @param withRobots whether views by robots are reported
     * @param withZeros whether offers without any view are reported
     * @param keep how long the counts of each offer are kept after the report was accepted
     */
    public MonthlyReports(
            JdbcClient jdbc,
            TransactionOperations transaction,
            Months months,
            String cron,
            ZoneId zone,
            boolean withRobots,
            boolean withZeros,
            Duration keep,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.months = months;
        this.withRobots = withRobots;
        this.withZeros = withZeros;
        this.keep = keep;
        this.clock = clock;
        try {
            this.cron = new CronExpression(cron);
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
        this.cron.setTimeZone(TimeZone.getTimeZone(zone));
    }

    /** Freezes every month whose time has come. */
    public void prepare() {
        Instant now = now();
        transaction.executeWithoutResult(status -> months.open(now));
        select("where state = 'open' order by month").stream()
                .filter(report -> isDue(report, now))
                .forEach(report -> freeze(report.month(), now));
    }

    /**
     * Freezes this month, if it is over, without waiting for its time.
     *
     * @throws IllegalArgumentException when it is not over, or nobody counted then
     */
    public MonthlyReport freeze(YearMonth month) {
        Instant now = now();
        transaction.executeWithoutResult(status -> months.open(now));
        if (of(month).state().equals("open")) {
            if (now.isBefore(months.end(month))) {
                throw new IllegalArgumentException(
                        "The month " + month + " is not over, so its report cannot be sent yet");
            }
            freeze(month, now);
        }
        return of(month);
    }

    /** The first moment of the schedule after the month; of a month that was opened later, after that. */
    private boolean isDue(MonthlyReport report, Instant now) {
        Instant end = months.end(report.month());
        Instant from = end.isAfter(report.openedAt()) ? end : report.openedAt();
        Date time = cron.getNextValidTimeAfter(Date.from(from.minusMillis(1)));
        return time != null && !time.toInstant().isAfter(now);
    }

    private void freeze(YearMonth month, Instant now) {
        transaction.executeWithoutResult(status -> {
            // Waits for those who are counting; who comes later finds the month closed.
            boolean open = jdbc.sql("select state = 'open' from monthly_report where month = :month for update")
                    .param("month", month.atDay(1))
                    .query(Boolean.class)
                    .single();
            if (!open) {
                return;
            }
            if (withZeros) {
                jdbc.sql("insert ignore into view_count (month, offer_id) select :month, id from offer")
                        .param("month", month.atDay(1))
                        .update();
            }
            MonthlyReport report = counted(stored(month));
            jdbc.sql("""
                    update monthly_report set state = 'prepared', prepared_at = :now, next_attempt_at = :now,
                      with_robots = :withRobots, with_zeros = :withZeros, views = :views, offers = :offers, sha256 = :sha256,
                      robots = (select coalesce(sum(robots + late_robots), 0) from view_count where month = :month),
                      unknown = (select coalesce(sum(views + late_views), 0) from view_count where month = :month and offer_id = '')
                    where month = :month""")
                    .param("now", utc(now))
                    .param("withRobots", withRobots)
                    .param("withZeros", withZeros)
                    .param("views", report.views())
                    .param("offers", report.offers())
                    .param("sha256", write(report, OutputStream.nullOutputStream()))
                    .param("month", month.atDay(1))
                    .update();
        });
    }

    /** The earliest report that is to be sent, if it is to be sent now; null otherwise. A later one waits for it. */
    public MonthlyReport due() {
        return select(
                        "where month = (select min(month) from monthly_report where state = 'prepared') and next_attempt_at <= :now",
                        now())
                .stream()
                .findFirst()
                .orElse(null);
    }

    /** Notes that the report is now given to the mail server; false when another process has done so, or it is not to be sent. */
    public boolean submit(MonthlyReport report) {
        return jdbc.sql("""
                update monthly_report set state = 'submitting', submitted_at = :now, attempts = attempts + 1, reply = null
                where month = :month and state = 'prepared' and attempts = :attempts""")
                        .param("now", utc(now()))
                        .param("month", report.month().atDay(1))
                        .param("attempts", report.attempts())
                        .update()
                == 1;
    }

    /**
     * The mail server has taken it.
     *
     * @param reply its words, or null
     */
    public void accept(MonthlyReport report, String reply) {
        jdbc.sql("""
                update monthly_report set state = 'accepted', accepted_at = :now, reply = left(:reply, 500), reason = null
                where month = :month and state = 'submitting'""")
                .param("now", utc(now()))
                .param("reply", reply)
                .param("month", report.month().atDay(1))
                .update();
    }

    /** The mail server has not taken it, or nobody knows: {@link Refusal} tells. */
    public void refuse(MonthlyReport report, Throwable failure) {
        Refusal refusal = Refusal.of(failure);
        Duration wait = SHORTEST_WAIT.multipliedBy(1L << Math.min(report.attempts(), 10));
        jdbc.sql("""
                update monthly_report set state = :state, next_attempt_at = :next, reason = left(:reason, 500)
                where month = :month and state = 'submitting'""")
                .param("state", refusal.state())
                .param("next", utc(now().plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)))
                .param("reason", refusal.reason())
                .param("month", report.month().atDay(1))
                .update();
    }

    /** A mail was found in a mailbox of our own: if it is one of the reports, that one was delivered. */
    public void confirm(String messageId) {
        for (MonthlyReport report : select("where state in ('submitting', 'accepted', 'prepared', 'failed')")) {
            if (messageId != null
                    && report.sha256() != null
                    && messageId.startsWith("<" + ReportMail.name(report) + "@")) {
                jdbc.sql("""
                        update monthly_report set state = 'confirmed', accepted_at = coalesce(accepted_at, :now), reason = null
                        where month = :month""")
                        .param("now", utc(now()))
                        .param("month", report.month().atDay(1))
                        .update();
            }
        }
    }

    /**
     * Lets the report be sent, whatever became of it before, by the word of a person.
     *
     * @throws IllegalArgumentException when its counts are no longer kept
     */
    public MonthlyReport reopen(YearMonth month) {
        requireCounts(of(month));
        jdbc.sql(
                        "update monthly_report set state = 'prepared', next_attempt_at = :now, reason = null where month = :month and state <> 'open'")
                .param("now", utc(now()))
                .param("month", month.atDay(1))
                .update();
        return of(month);
    }

    /** Keeps the totals only of months that were reported long enough ago. */
    public void forget() {
        select(
                        "where state in ('accepted', 'confirmed') and forgotten_at is null and accepted_at < :now",
                        now().minus(keep))
                .forEach(report -> transaction.executeWithoutResult(status -> {
                    jdbc.sql("delete from view_count where month = :month")
                            .param("month", report.month().atDay(1))
                            .update();
                    jdbc.sql("update monthly_report set forgotten_at = :now where month = :month")
                            .param("now", utc(now()))
                            .param("month", report.month().atDay(1))
                            .update();
                }));
    }

    /**
     * The report of a month; of an open one, what it would be now.
     *
     * @throws IllegalArgumentException when nobody counted then
     */
    public MonthlyReport of(YearMonth month) {
        return asOfNow(stored(month));
    }

    /** The last months, newest first; what an open one would report now. */
    public List<MonthlyReport> last(int count) {
        return select("order by month desc limit " + count).stream()
                .map(this::asOfNow)
                .toList();
    }

    /** The first report that a person must see to, if there is one. */
    public Optional<MonthlyReport> troubled() {
        Instant now = now();
        return select("where state in ('submitting', 'failed', 'prepared') order by month").stream()
                .filter(report -> switch (report.state()) {
                    case "failed" -> true;
                    case "submitting" ->
                        report.submittedAt().plus(LONGEST_SUBMISSION).isBefore(now);
                    default -> report.preparedAt().plus(PATIENCE).isBefore(now);
                })
                .findFirst();
    }

    /**
     * The file of a report: the same bytes whenever it is asked for once the month is frozen.
     *
     * @throws IllegalArgumentException when its counts are no longer kept
     * @throws IllegalStateException when the counts are no longer those that were frozen
     */
    public byte[] csv(MonthlyReport report) {
        requireCounts(report);
        ByteArrayOutputStream csv = new ByteArrayOutputStream();
        String sha256 = write(report, csv);
        if (report.sha256() != null && !report.sha256().equals(sha256)) {
            throw new IllegalStateException("The counts of " + report.month()
                    + " have changed since its report was prepared: its SHA-256 was " + report.sha256());
        }
        return csv.toByteArray();
    }

    private static void requireCounts(MonthlyReport report) {
        if (report.isForgotten()) {
            throw new IllegalArgumentException(
                    "Of the month " + report.month() + " only the total is left: " + report.views() + " views of "
                            + report.offers() + " offers, reported in a file with SHA-256 " + report.sha256());
        }
    }

    private MonthlyReport stored(YearMonth month) {
        return select("where month = '" + month.atDay(1) + "'").stream()
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Of the month " + month + " no view was counted"));
    }

    private MonthlyReport asOfNow(MonthlyReport stored) {
        return stored.state().equals("open") ? counted(stored) : stored;
    }

    /** What would be reported of an open month. */
    private MonthlyReport counted(MonthlyReport stored) {
        return jdbc.sql("select coalesce(sum(n), 0), count(*) from (" + counts(withRobots, withZeros) + ") counts")
                .param("month", stored.month().atDay(1))
                .query((row, number) -> new MonthlyReport(
                        stored.month(),
                        stored.state(),
                        stored.openedAt(),
                        null,
                        withRobots,
                        withZeros,
                        row.getLong(1),
                        row.getLong(2),
                        null,
                        stored.attempts(),
                        null,
                        null,
                        null,
                        false))
                .single();
    }

    private static String counts(boolean withRobots, boolean withZeros) {
        String n = withRobots ? "views + late_views" : "views + late_views - robots - late_robots";
        return "select offer_id, " + n + " as n from view_count where month = :month and offer_id <> ''"
                + (withZeros ? "" : " and " + n + " > 0");
    }

    /** Answers the SHA-256 of what it wrote. */
    private String write(MonthlyReport report, OutputStream out) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (ReportCsv csv = new ReportCsv(report.month(), report.views(), new DigestOutputStream(out, digest))) {
                jdbc.sql(counts(report.withRobots(), report.withZeros()) + " order by offer_id")
                        .param("month", report.month().atDay(1))
                        .query(row -> {
                            csv.add(row.getString(1), row.getLong(2));
                        });
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private List<MonthlyReport> select(String which) {
        return jdbc.sql("select " + COLUMNS + " from monthly_report " + which)
                .query(MonthlyReports::report)
                .list();
    }

    private List<MonthlyReport> select(String which, Instant now) {
        return jdbc.sql("select " + COLUMNS + " from monthly_report " + which)
                .param("now", utc(now))
                .query(MonthlyReports::report)
                .list();
    }

    private static MonthlyReport report(ResultSet row, int number) throws SQLException {
        return new MonthlyReport(
                YearMonth.from(row.getObject("month", LocalDate.class)),
                row.getString("state"),
                instant(row, "opened_at"),
                instant(row, "prepared_at"),
                row.getBoolean("with_robots"),
                row.getBoolean("with_zeros"),
                row.getLong("views"),
                row.getLong("offers"),
                row.getString("sha256"),
                row.getInt("attempts"),
                instant(row, "submitted_at"),
                row.getString("reply"),
                row.getString("reason"),
                row.getObject("forgotten_at") != null);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        LocalDateTime at = row.getObject(column, LocalDateTime.class);
        return at == null ? null : at.toInstant(ZoneOffset.UTC);
    }

    /** A mail's date has no fractions of a second. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static LocalDateTime utc(Instant instant) {
        return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
