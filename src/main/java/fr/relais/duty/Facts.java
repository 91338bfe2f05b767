package fr.relais.duty;

import fr.relais.duty.Duty.State;
import fr.relais.licence.ApiChange;
import fr.relais.licence.Deadline;
import fr.relais.licence.Inactivity;
import fr.relais.licence.LicenceStatus;
import fr.relais.source.Account;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * What Relais knows at a moment, as far as the states of the clauses depend on it.
 *
 * @param licence the notices of new versions, at this moment
 * @param apiChanges the announced changes of the API
 * @param isDifferent whether the last self-audit found a difference
 * @param auditedAt the time of the last self-audit; before the first one, the start of the first proved sweep
 * @param updatedAt the start of the last proved sweep
 * @param lastAnswered the start of the last sweep in which the source answered with data
 * @param isRestored whether the database was restored and no sweep has been proved since
 * @param isChangelogUnpublished whether the publication of the changelog has failed for a while
 * @param report what is known about the monthly reports
 * @param hasTag whether the tag for redirections is set
 * @param hasLogo whether the operator's logo is set
 */
record Facts(
        LicenceStatus licence,
        List<ApiChange> apiChanges,
        boolean isDifferent,
        Optional<Instant> auditedAt,
        Optional<Instant> updatedAt,
        Optional<Instant> lastAnswered,
        Account.State account,
        boolean isRestored,
        boolean isChangelogUnpublished,
        Reports report,
        boolean hasTag,
        boolean hasLogo) {

    private static final Duration LONGEST_AGE = Duration.ofHours(24);
    private static final Duration WARNING_AGE = Duration.ofHours(12);

    /** The age of the last self-audit from which the content may have been altered unnoticed. */
    private static final Duration OUTDATED_AUDIT = Duration.ofHours(48);

    /**
     * The monthly reports.
     *
     * @param canBeMailed whether a sender and a mail server are set
     * @param needsPerson whether a report needs a person
     * @param oldestUnsent the first month that is over and whose report was not sent
     * @param zone the time zone of the months
     */
    record Reports(boolean canBeMailed, boolean needsPerson, Optional<YearMonth> oldestUnsent, ZoneId zone) {}

    /** Returns the state of a clause. */
    Duty duty(Clause clause) {
        if (clause.exemption().isPresent()) {
            return new Duty(clause, State.NOT_APPLICABLE, Optional.empty());
        }
        Instant now = licence.at();
        return switch (clause.check()) {
            case STRUCTURE -> duty(clause, State.MET);
            case SELF_AUDIT -> selfAudit(clause, now);
            case LICENCE_VERSION -> licenceVersion(clause);
            case API_CHANGES -> apiChanges(clause, now);
            case CHANGELOG -> duty(clause, isChangelogUnpublished ? State.BROKEN : State.MET);
            case DAILY_UPDATE -> dailyUpdate(clause, now);
            case MONTHLY_REPORT -> monthlyReport(clause, now);
            case XITI_TAG -> duty(clause, hasTag ? State.MET : State.NOT_CONFIGURED);
            case RESTORE -> duty(clause, isRestored ? State.AT_RISK : State.MET);
            case LOGO -> duty(clause, hasLogo ? State.MET : State.NOT_CONFIGURED);
            case NO_LOGO -> duty(clause, hasLogo ? State.BROKEN : State.MET);
            case ACCESS -> access(clause, now);
        };
    }

    /** A missing self-audit has no moment at which the duty breaks, because it alters nothing itself. */
    private Duty selfAudit(Clause clause, Instant now) {
        if (isDifferent) {
            return duty(clause, State.BROKEN);
        }
        boolean isOutdated =
                auditedAt.filter(at -> !now.isBefore(at.plus(OUTDATED_AUDIT))).isPresent();
        return duty(clause, isOutdated ? State.AT_RISK : State.MET);
    }

    private Duty licenceVersion(Clause clause) {
        if (!licence.refused().isEmpty()) {
            return duty(clause, State.BROKEN);
        }
        return licence.pending().stream()
                .findFirst()
                .map(notice -> atRisk(clause, notice.deadline().end()))
                .orElse(duty(clause, State.MET));
    }

    private Duty apiChanges(Clause clause, Instant now) {
        return apiChanges.stream()
                .map(change -> change.effectiveOn().atStartOfDay(Deadline.ZONE).toInstant())
                .filter(now::isBefore)
                .findFirst()
                .map(start -> atRisk(clause, start))
                .orElse(duty(clause, State.MET));
    }

    private Duty dailyUpdate(Clause clause, Instant now) {
        return updatedAt
                .map(at -> until(clause, at.plus(WARNING_AGE), at.plus(LONGEST_AGE), now))
                .orElse(duty(clause, State.BROKEN));
    }

    private Duty monthlyReport(Clause clause, Instant now) {
        if (!report.canBeMailed()) {
            return duty(clause, State.NOT_CONFIGURED);
        }
        return report.oldestUnsent()
                .map(month ->
                        month.plusMonths(2).atDay(1).atStartOfDay(report.zone()).toInstant())
                .map(end -> until(clause, report.needsPerson() ? Instant.MIN : end, end, now))
                .orElse(duty(clause, State.MET));
    }

    private Duty access(Clause clause, Instant now) {
        if (account == Account.State.SUSPENDED) {
            return duty(clause, State.BROKEN);
        }
        Duty calls = lastAnswered
                .map(Inactivity::new)
                .map(inactivity -> until(
                        clause,
                        inactivity.state(now).isPresent() ? Instant.MIN : inactivity.licenceEnd(),
                        inactivity.licenceEnd().plusMillis(1),
                        now))
                .orElse(duty(clause, State.MET));
        return calls.state() == State.MET && account == Account.State.SUSPECT ? duty(clause, State.AT_RISK) : calls;
    }

    /** Returns a duty that is met before a warning, then at risk, and broken from an instant on. */
    private static Duty until(Clause clause, Instant warning, Instant end, Instant now) {
        if (!now.isBefore(end)) {
            return duty(clause, State.BROKEN);
        }
        return now.isBefore(warning) ? duty(clause, State.MET) : atRisk(clause, end);
    }

    private static Duty atRisk(Clause clause, Instant end) {
        return new Duty(clause, State.AT_RISK, Optional.of(end));
    }

    private static Duty duty(Clause clause, State state) {
        return new Duty(clause, state, Optional.empty());
    }
}
