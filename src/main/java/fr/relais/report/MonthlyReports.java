package fr.relais.report;

import fr.relais.failure.Failures;
import fr.relais.ledger.Anchor;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.views.Months;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The monthly reports: freezes the months that are over, and records whether each report was sent. Each change of a
 * frozen report is in the ledger, except attempts that are repeated.
 */
public final class MonthlyReports {

    private static final Logger LOG = LoggerFactory.getLogger(MonthlyReports.class);

    private static final Duration MIN_BACKOFF = Duration.ofMinutes(1);
    private static final Duration MAX_BACKOFF = Duration.ofHours(6);

    /**
     * The time after which the outcome of an attempt counts as unknown. A mail server answers within a few minutes;
     * later, the process has died or the connection was lost.
     */
    private static final Duration LONGEST_SUBMISSION = Duration.ofMinutes(15);

    /** How long a prepared report may wait before an operator is alerted. A mail server may be down for hours. */
    private static final Duration ALERT_DELAY = Duration.ofDays(1);

    private static final Duration KEEP_UNSENT = Duration.ofDays(400);

    private static final String GIVEN_UP = "it was not accepted for 400 days, and its counts were deleted";

    private final MonthlyReportTable table;
    private final ReportedViews reportedViews;
    private final TransactionOperations transaction;
    private final Months months;
    private final ReportSchedule schedule;
    private final boolean withRobots;
    private final boolean withZeros;
    private final Duration keep;
    private final Ledger ledger;
    private final Clock clock;

    /**
     * @param transaction at level READ COMMITTED
     * @param cron when the previous month is frozen, as a cron expression of Quartz
     * @param withRobots whether views by robots are reported
     * @param withZeros whether offers without any view are reported
     * @param keep the retention of the counts of each offer after the report was accepted
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
            Ledger ledger,
            Clock clock) {
        this.table = new MonthlyReportTable(jdbc);
        this.reportedViews = new ReportedViews(jdbc);
        this.transaction = transaction;
        this.months = months;
        this.schedule = new ReportSchedule(cron, zone);
        this.withRobots = withRobots;
        this.withZeros = withZeros;
        this.keep = keep;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Freezes every open month that is due by the schedule. */
    public void freezeDueMonths() {
        Instant now = now();
        openMonths(now);
        table.open().stream()
                .filter(report -> schedule.isDue(report.openedAt(), months.end(report.month()), now))
                .forEach(report -> freeze(report.month(), now));
    }

    /**
     * Returns the earliest open month and when it will be frozen; empty when no month is open, or when the schedule
     * never freezes that month.
     */
    public Optional<NextReport> next() {
        return table.open().stream().findFirst().flatMap(report -> schedule.time(
                        report.openedAt(), months.end(report.month()))
                .map(time -> new NextReport(report.month(), time)));
    }

    /**
     * Freezes a month that is over, without waiting for the schedule. Does nothing when it is frozen already.
     *
     * @return the report of the month
     * @throws MonthUnavailable when the month is not over, or was never opened for views
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
        MonthlyReport frozen = transaction.execute(status -> {
            if (!table.lockIfOpen(month)) {
                return null;
            }
            if (withZeros) {
                table.addZeros(month);
            }
            MonthlyReport report = withCurrentCounts(stored(month));
            String sha256 = DigestUtils.sha256Hex(reportedViews.csv(report));
            table.markPrepared(report, sha256, now);
            Map<String, Object> facts = facts(month, ReportState.PREPARED, sha256);
            facts.put("views", report.views());
            facts.put("offers", report.offers());
            Anchor anchor = ledger.append(Kind.REPORT, facts);
            table.setAnchor(month, anchor.toString());
            return report;
        });
        if (frozen != null) {
            LOG.info("The report of {} is frozen: {} views of {} offers", month, frozen.views(), frozen.offers());
        }
    }

    /**
     * Returns the earliest prepared report if its next attempt is due, otherwise null. Later prepared reports wait for
     * it.
     */
    public MonthlyReport nextDue() {
        return table.nextDue(now()).orElse(null);
    }

    /**
     * Claims the next attempt to send a report for this process.
     *
     * @return false when another process has claimed the attempt, or there is nothing to send
     */
    public boolean claim(MonthlyReport report) {
        return table.claim(report, now());
    }

    /**
     * Marks a report as accepted by the mail server, unless a newer attempt has been prepared meanwhile.
     *
     * @param report the report that was claimed
     * @param reply the reply of the mail server, or null
     */
    public void markAccepted(MonthlyReport report, String reply) {
        boolean isMarked = record(
                () -> table.markAccepted(report, reply, now()), report.month(), ReportState.ACCEPTED, "reply", reply);
        if (isMarked) {
            LOG.info("The mail server has accepted the report of {}", report.month());
        } else {
            logLate(report, "the mail server accepted it");
        }
    }

    /**
     * Records why a report could not be sent, and when to retry, unless a newer attempt has been prepared meanwhile. If
     * the mail server has accepted the mail, a later step has failed; then the report is marked as accepted and the
     * failure is logged.
     *
     * @param report the report that was claimed
     * @param mail the mail for the mail server, or null when the failure came before the mail was made
     */
    public void recordFailure(MonthlyReport report, ReportMail.Mail mail, Throwable failure) {
        if (mail != null && mail.isAccepted()) {
            markAccepted(report, mail.getServerReply());
            LOG.error(
                    "The mail server accepted the report of {}, but a later step failed: {}",
                    report.month(),
                    Failures.types(failure));
            return;
        }
        Duration backoff = MIN_BACKOFF.multipliedBy(1L << Math.min(report.attempts(), 10));
        SendFailure sendFailure = SendFailure.of(mail, failure);
        Instant nextAttempt = now().plus(backoff.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : backoff);
        boolean isRecorded = sendFailure.state() == ReportState.PREPARED
                ? table.recordFailure(report, sendFailure, nextAttempt)
                : record(
                        () -> table.recordFailure(report, sendFailure, nextAttempt),
                        report.month(),
                        sendFailure.state(),
                        "reason",
                        sendFailure.reason());
        if (!isRecorded) {
            logLate(report, sendFailure.reason());
        }
    }

    /**
     * Changes a frozen report, and adds the change to the ledger in the same transaction.
     *
     * @param change returns false when it has changed nothing
     * @param name the name of the further fact
     * @return whether the change has changed something
     */
    private boolean record(BooleanSupplier change, YearMonth month, ReportState state, String name, String fact) {
        return transaction.execute(status -> {
            if (!change.getAsBoolean()) {
                return false;
            }
            Map<String, Object> facts = facts(month, state, stored(month).sha256());
            facts.put(name, fact);
            ledger.append(Kind.REPORT, facts);
            return true;
        });
    }

    private static Map<String, Object> facts(YearMonth month, ReportState state, String sha256) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("month", month.toString());
        facts.put("state", state.toString());
        facts.put("sha256", sha256);
        return facts;
    }

    private static void logLate(MonthlyReport report, String outcome) {
        LOG.warn(
                "The outcome of attempt {} to send the report of {} is ignored, because its state has changed: {}",
                report.attempts() + 1,
                report.month(),
                outcome);
    }

    /**
     * Marks a report as confirmed, because its mail was found in a mailbox of our own. Any other mail is ignored.
     *
     * @param messageId the header {@code Message-ID} of the mail, or null
     */
    public void markConfirmed(String messageId) {
        if (messageId != null) {
            table.unconfirmed().stream()
                    .filter(report ->
                            report.sha256() != null && messageId.startsWith("<" + ReportMail.name(report) + "@"))
                    .forEach(report -> record(
                            () -> table.markConfirmed(report.month(), now()),
                            report.month(),
                            ReportState.CONFIRMED,
                            "messageId",
                            messageId));
        }
    }

    /**
     * Prepares a frozen report to be sent again, whatever its state. Only an operator may decide that.
     *
     * @param person the name of the operator, or null when it is unknown
     * @return the report
     * @throws MonthUnavailable when the counts of the month have been deleted
     */
    public MonthlyReport prepareResend(YearMonth month, String person) {
        requireCounts(of(month));
        record(() -> table.prepareResend(month, now()), month, ReportState.PREPARED, "resentBy", person);
        return of(month);
    }

    /**
     * Prepares a frozen report to be sent again, unless it has changed since the operator saw it. Otherwise two
     * operators, or two clicks, would send two mails.
     *
     * @param state the state that the operator has seen
     * @param attempts the number of attempts that the operator has seen
     * @param person the name of the operator, or null when it is unknown
     * @return the report; empty when it has changed
     * @throws MonthUnavailable when the counts of the month have been deleted
     */
    public Optional<MonthlyReport> prepareResend(YearMonth month, ReportState state, int attempts, String person) {
        requireCounts(of(month));
        boolean isPrepared = record(
                () -> table.prepareResend(month, state, attempts, now()),
                month,
                ReportState.PREPARED,
                "resentBy",
                person);
        return isPrepared ? Optional.of(of(month)) : Optional.empty();
    }

    /**
     * Records that the recipient has a frozen report, so that it is not sent any more. Only an operator can know that.
     *
     * @param person the name of the operator, or null when it is unknown
     * @return the report
     */
    public MonthlyReport markDelivered(YearMonth month, String person) {
        record(() -> table.markDelivered(month, now()), month, ReportState.ACCEPTED, "deliveredBy", person);
        return of(month);
    }

    /**
     * Freezes the months that are over, and holds all unsent reports for an operator. After a restore of the database,
     * they may have been sent since the backup. Must be called in a transaction.
     */
    public void holdAfterRestore() {
        Instant now = now();
        openMonths(now);
        table.open().stream()
                .map(MonthlyReport::month)
                .filter(month -> !now.isBefore(months.end(month)))
                .forEach(month -> freeze(month, now));
        table.holdPrepared("the database was restored, and the report may have been sent after the backup");
    }

    /**
     * Deletes the counts of each offer, but not the totals, of reports that are older than the retention. A report that
     * was not accepted within 400 days of its freeze is given up, and its counts are deleted, too.
     */
    public void deleteOldCounts() {
        Instant now = now();
        table.sentBefore(now.minus(keep))
                .forEach(report -> transaction.executeWithoutResult(status -> table.deleteCounts(report.month(), now)));
        table.unsentBefore(now.minus(KEEP_UNSENT))
                .forEach(report -> record(
                        () -> {
                            table.giveUp(report.month(), GIVEN_UP);
                            table.deleteCounts(report.month(), now);
                            return true;
                        },
                        report.month(),
                        ReportState.FAILED,
                        "reason",
                        GIVEN_UP));
    }

    /**
     * Returns the report of a month; for an open month, what would be reported now.
     *
     * @throws MonthUnavailable when the month was never opened for views
     */
    public MonthlyReport of(YearMonth month) {
        return withCurrentCounts(stored(month));
    }

    /**
     * Returns the reports of the last months, newest first; for an open month, what would be reported now. Adding up
     * the views of a large month takes seconds.
     */
    public List<MonthlyReport> last(int count) {
        return lastStored(count).stream().map(this::withCurrentCounts).toList();
    }

    /** Returns the reports of the last months, newest first; an open month has no totals. */
    public List<MonthlyReport> lastStored(int count) {
        return table.last(count);
    }

    /**
     * Returns the earliest report that needs an operator: rejected, of unknown outcome, or unsent for a day. A report
     * that was given up is not returned, because it can no longer be sent.
     */
    public Optional<MonthlyReport> needingOperator() {
        Instant now = now();
        return table.unsent().stream()
                .filter(report -> !report.countsDeleted())
                .filter(report -> switch (report.state()) {
                    case FAILED -> true;
                    case SUBMITTING ->
                        report.submittedAt() == null
                                || report.submittedAt().plus(LONGEST_SUBMISSION).isBefore(now);
                    default -> report.preparedAt().plus(ALERT_DELAY).isBefore(now);
                })
                .findFirst();
    }

    /**
     * Returns the CSV of a report: always the same bytes once the month is frozen.
     *
     * @throws MonthUnavailable when the counts of the month have been deleted
     * @throws CountsChanged when the counts have changed since the month was frozen
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
        if (report.countsDeleted()) {
            throw MonthUnavailable.countsDeleted(report);
        }
    }

    private MonthlyReport stored(YearMonth month) {
        return table.find(month).orElseThrow(() -> MonthUnavailable.notCounted(month));
    }

    private MonthlyReport withCurrentCounts(MonthlyReport stored) {
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
                false,
                null);
    }

    /** Returns the time in whole seconds, like the date of a mail. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
