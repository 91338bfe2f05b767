package fr.relais.report;

import fr.relais.failure.Failures;
import fr.relais.views.Months;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The monthly reports: freezes the months that are over, and knows of each report whether it was sent. */
public final class MonthlyReports {

    private static final Logger LOG = LoggerFactory.getLogger(MonthlyReports.class);

    private static final Duration SHORTEST_WAIT = Duration.ofMinutes(1);
    private static final Duration LONGEST_WAIT = Duration.ofHours(6);

    /** A mail server answers within a few minutes; a report that waits longer was left by a process that died. */
    private static final Duration LONGEST_SUBMISSION = Duration.ofMinutes(15);

    /** A mail server may well be away for some hours. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    private final MonthlyReportTable table;
    private final ReportedViews reportedViews;
    private final TransactionOperations transaction;
    private final Months months;
    private final ReportSchedule schedule;
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
        this.table = new MonthlyReportTable(jdbc);
        this.reportedViews = new ReportedViews(jdbc);
        this.transaction = transaction;
        this.months = months;
        this.schedule = new ReportSchedule(cron, zone);
        this.withRobots = withRobots;
        this.withZeros = withZeros;
        this.keep = keep;
        this.clock = clock;
    }

    /** Freezes every month whose time has come. */
    public void freezeDueMonths() {
        Instant now = now();
        openMonths(now);
        table.open().stream()
                .filter(report -> schedule.isDue(report.openedAt(), months.end(report.month()), now))
                .forEach(report -> freeze(report.month(), now));
    }

    /**
     * Freezes this month, if it is over, without waiting for its time.
     *
     * @throws MonthUnavailable when the month is not over, or no view was counted in it
     */
    public MonthlyReport freeze(YearMonth month) {
        Instant now = now();
        openMonths(now);
        if (stored(month).state() == ReportState.OPEN) {
            if (now.isBefore(months.end(month))) {
                throw MonthUnavailable.notOver(month);
            }
            freeze(month, now);
        }
        return of(month);
    }

    private void openMonths(Instant now) {
        transaction.executeWithoutResult(status -> months.open(now));
    }

    private void freeze(YearMonth month, Instant now) {
        transaction.executeWithoutResult(status -> {
            if (!table.lockIfOpen(month)) {
                return;
            }
            if (withZeros) {
                table.addZeros(month);
            }
            MonthlyReport report = asOfNow(stored(month));
            table.markPrepared(report, DigestUtils.sha256Hex(reportedViews.csv(report)), now);
        });
    }

    /**
     * The earliest report that is to be sent, if its time has come; otherwise null. A later report waits for an
     * earlier one.
     */
    public MonthlyReport nextDue() {
        return table.nextDue(now()).orElse(null);
    }

    /**
     * Claims the sending of a report for this process; false when another process has it, or there is nothing to
     * send.
     */
    public boolean claim(MonthlyReport report) {
        return table.claim(report, now());
    }

    /**
     * Marks a report as accepted by the mail server.
     *
     * @param reply what the mail server said, or null
     */
    public void markAccepted(MonthlyReport report, String reply) {
        table.markAccepted(report.month(), reply, now());
    }

    /**
     * Records why a report could not be sent, and when to try again. When the mail server has accepted the mail, a later
     * step has failed: the report is marked as accepted, and the failure is logged.
     *
     * @param mail what was given to the mail server, or null when the failure came before that
     */
    public void recordFailure(MonthlyReport report, ReportMail.Mail mail, Throwable failure) {
        if (mail != null && mail.getServerReply() != null) {
            markAccepted(report, mail.getServerReply());
            LOG.error(
                    "The mail server accepted the report of {}, but a later step failed: {}",
                    report.month(),
                    Failures.types(failure));
            return;
        }
        Duration wait = SHORTEST_WAIT.multipliedBy(1L << Math.min(report.attempts(), 10));
        table.recordFailure(
                report.month(),
                mail == null ? SendFailure.beforeMail(failure) : SendFailure.of(failure),
                now().plus(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait));
    }

    /** Marks the report as confirmed whose mail was found in a mailbox of our own; any other mail is ignored. */
    public void markConfirmed(String messageId) {
        if (messageId != null) {
            table.unconfirmed().stream()
                    .filter(report ->
                            report.sha256() != null && messageId.startsWith("<" + ReportMail.name(report) + "@"))
                    .forEach(report -> table.markConfirmed(report.month(), now()));
        }
    }

    /**
     * Lets a report be sent again, whatever became of it before, by the word of a person.
     *
     * @throws MonthUnavailable when its counts have been deleted
     */
    public MonthlyReport reopen(YearMonth month) {
        requireCounts(of(month));
        table.reopen(month, now());
        return of(month);
    }

    /** Deletes the counts of each offer, but not the totals, of months that were reported long enough ago. */
    public void deleteOldCounts() {
        Instant now = now();
        table.sentBefore(now.minus(keep))
                .forEach(report -> transaction.executeWithoutResult(status -> table.deleteCounts(report.month(), now)));
    }

    /**
     * The report of a month; of an open one, what would be reported now.
     *
     * @throws MonthUnavailable when no view was counted in it
     */
    public MonthlyReport of(YearMonth month) {
        return asOfNow(stored(month));
    }

    /** The last months, newest first; of an open one, what would be reported now. */
    public List<MonthlyReport> last(int count) {
        return table.last(count).stream().map(this::asOfNow).toList();
    }

    /** The first report that a person must see to, if there is one. */
    public Optional<MonthlyReport> unsent() {
        Instant now = now();
        return table.unsent().stream()
                .filter(report -> switch (report.state()) {
                    case FAILED -> true;
                    case SUBMITTING ->
                        report.submittedAt().plus(LONGEST_SUBMISSION).isBefore(now);
                    default -> report.preparedAt().plus(PATIENCE).isBefore(now);
                })
                .findFirst();
    }

    /**
     * The file of a report: the same bytes for every call once the month is frozen.
     *
     * @throws MonthUnavailable when its counts have been deleted
     * @throws CountsChanged when the counts are no longer those that were frozen
     */
    public byte[] csv(MonthlyReport report) {
        requireCounts(report);
        byte[] csv = reportedViews.csv(report);
        if (report.sha256() != null && !report.sha256().equals(DigestUtils.sha256Hex(csv))) {
            throw new CountsChanged(report);
        }
        return csv;
    }

    private static void requireCounts(MonthlyReport report) {
        if (report.isReduced()) {
            throw MonthUnavailable.countsDeleted(report);
        }
    }

    private MonthlyReport stored(YearMonth month) {
        return table.find(month).orElseThrow(() -> MonthUnavailable.notCounted(month));
    }

    private MonthlyReport asOfNow(MonthlyReport stored) {
        if (stored.state() != ReportState.OPEN) {
            return stored;
        }
        ReportedViews.Total total = reportedViews.total(stored.month(), withRobots, withZeros);
        return new MonthlyReport(
                stored.month(),
                stored.state(),
                stored.openedAt(),
                null,
                withRobots,
                withZeros,
                total.views(),
                total.offers(),
                null,
                stored.attempts(),
                null,
                null,
                null,
                false);
    }

    /** In whole seconds, as the date of a mail. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
