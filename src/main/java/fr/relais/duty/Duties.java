package fr.relais.duty;

import fr.relais.audit.SelfAudit;
import fr.relais.audit.SelfAudits;
import fr.relais.changelog.Publication;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.settings.Settings;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepHistory;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The duties of the licence with their states, for operators and auditors. */
public final class Duties {

    /** Reports that were not sent for longer are given up. */
    private static final int MONTHS = 14;

    private static final String NO_MAIL_SERVER = "direct:relais-no-mail-server";

    private final LicenceRegister register;
    private final Freshness freshness;
    private final SweepHistory sweeps;
    private final SelfAudits audits;
    private final Account account;
    private final MonthlyReports reports;
    private final Publication publication;
    private final ZoneId reportZone;
    private final boolean canMailReports;
    private final boolean hasTag;
    private final boolean hasLogo;
    private final LicenceProfile packed = LicenceProfile.packed();
    private final Optional<LicenceProfile> other;

    /**
     * The duties at one moment.
     *
     * @param duties the clauses of the profile, in its order
     */
    public record Reading(LicenceProfile profile, List<Duty> duties) {}

    /** @throws InvalidProfile when the profile of the setting {@code relais.licence.profile} has a mistake */
    public Duties(
            LicenceRegister register,
            Freshness freshness,
            SweepHistory sweeps,
            SelfAudits audits,
            Account account,
            MonthlyReports reports,
            Publication publication,
            Settings settings) {
        this.register = register;
        this.freshness = freshness;
        this.sweeps = sweeps;
        this.audits = audits;
        this.account = account;
        this.reports = reports;
        this.publication = publication;
        this.reportZone = settings.report().zone();
        this.canMailReports = !settings.report().from().isEmpty()
                && !NO_MAIL_SERVER.equals(settings.placeholders().getProperty("relais.report.uri"));
        this.hasTag = !settings.display().xitiTag().isEmpty();
        this.hasLogo = settings.display().logo().isPresent();
        this.other = settings.licenceProfile().map(LicenceProfile::of);
    }

    /** Returns the profile that is used now, and its clauses with their states. */
    public Reading read() {
        LicenceStatus licence = register.status();
        LicenceProfile profile =
                other.filter(candidate -> candidate.isEffective(licence.at())).orElse(packed);
        Facts facts = facts(licence);
        return new Reading(profile, profile.clauses().stream().map(facts::duty).toList());
    }

    private Facts facts(LicenceStatus licence) {
        Optional<SelfAudit> audit = audits.last();
        return new Facts(
                licence,
                register.apiChanges(),
                audit.filter(last -> last.different() > 0).isPresent(),
                audit.map(SelfAudit::at).or(sweeps::firstProvedStart),
                Optional.ofNullable(freshness.read().updatedAt()),
                sweeps.lastAnswered(),
                account.status().state(),
                sweeps.isRestored(),
                publication.unpublished().isPresent(),
                new Facts.Reports(
                        canMailReports,
                        reports.needingOperator().isPresent(),
                        oldestUnsent(YearMonth.from(licence.at().atZone(reportZone))),
                        reportZone),
                hasTag,
                hasLogo);
    }

    private Optional<YearMonth> oldestUnsent(YearMonth current) {
        return reports.lastStored(MONTHS).stream()
                .filter(report -> !report.isSent() && !report.countsDeleted())
                .map(MonthlyReport::month)
                .filter(month -> month.isBefore(current))
                .min(Comparator.naturalOrder());
    }
}
