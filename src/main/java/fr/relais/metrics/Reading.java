package fr.relais.metrics;

import fr.relais.Relais;
import fr.relais.events.WaitingEvents;
import fr.relais.report.MonthlyReport;
import fr.relais.report.ReportState;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.UndecidedOffers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The values of all gauges, read from the database at one time.
 *
 * @param readAt when the values were read, in the nanoseconds of {@link System#nanoTime}
 * @param restored whether the database was restored and no sweep has been proved since
 * @param offers the number of offers in the mirror
 * @param current the current sweep, if one is running
 * @param last the last sweep that has ended, if there is one
 * @param incompleteSweeps how many of the last sweeps in a row were incomplete or abandoned
 * @param candidates the candidates for removal of a current or held sweep
 * @param unsentReports the number of frozen months whose report has not been accepted
 * @param reportOverdue whether a report needs an operator
 * @param changelogUnpublished whether publishing the changelog has failed for long
 */
record Reading(
        long readAt,
        Freshness.Reading freshness,
        boolean restored,
        long offers,
        Optional<SweepSummary> current,
        Optional<SweepSummary> last,
        int incompleteSweeps,
        int candidates,
        Optional<UndecidedOffers> undecided,
        Account.State account,
        long unsentReports,
        boolean reportOverdue,
        boolean changelogUnpublished,
        WaitingEvents events) {

    private static final Set<ReportState> UNSENT =
            Set.of(ReportState.PREPARED, ReportState.SUBMITTING, ReportState.FAILED);

    /** The number of months whose reports are looked at. Older reports were given up. */
    private static final int MONTHS = 14;

    /** Reads the database. Counting a large mirror or outbox may take seconds. */
    static Reading of(Relais relais) {
        List<SweepSummary> sweeps = relais.sweeps().last(2);
        return new Reading(
                System.nanoTime(),
                relais.freshness().read(),
                relais.sweeps().isRestored(),
                relais.sweeps().offers(),
                sweeps.stream().limit(1).filter(sweep -> !sweep.isEnded()).findFirst(),
                sweeps.stream().filter(SweepSummary::isEnded).findFirst(),
                relais.sweeps().incompleteInRow(),
                relais.sweeps().candidates(),
                relais.sweeps().undecided(),
                relais.account().status().state(),
                relais.reports().lastStored(MONTHS).stream()
                        .filter(Reading::isUnsent)
                        .count(),
                relais.reports().needingOperator().isPresent(),
                relais.changelog().publication().unpublished().isPresent(),
                relais.outbox().waiting());
    }

    private static boolean isUnsent(MonthlyReport report) {
        return UNSENT.contains(report.state()) && !report.countsDeleted();
    }

    /** Returns the age of the mirror now; empty when no sweep counts as proved. */
    Optional<Duration> age() {
        return Optional.ofNullable(freshness.age()).map(age -> age.plusNanos(System.nanoTime() - readAt));
    }

    /** Returns how long the oldest event has waited; zero when none waits. */
    Duration oldestEvent() {
        return events.oldest() == null ? Duration.ZERO : Duration.between(events.oldest(), Instant.now());
    }

    boolean isHeld() {
        return current.isEmpty()
                && last.filter(sweep -> sweep.state() == SweepState.HELD).isPresent();
    }
}
