package fr.relais.duty;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.duty.Clause.Exemption;
import fr.relais.duty.Duty.State;
import fr.relais.licence.ApiChange;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceNotice.Decision;
import fr.relais.licence.LicenceStatus;
import fr.relais.source.Account;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The states of the clauses, and the exact moments at which they change. */
class FactsTest {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    private Instant now = Instant.parse("2026-11-25T09:00:00Z");
    private List<LicenceNotice> notices = List.of();
    private List<ApiChange> changes = List.of();
    private boolean isDifferent;
    private Optional<Instant> auditedAt = Optional.of(now);
    private Optional<Instant> updatedAt = Optional.of(now);
    private Optional<Instant> lastAnswered = Optional.of(now);
    private Account.State account = Account.State.ACTIVE;
    private boolean isRestored;
    private boolean isChangelogUnpublished;
    private boolean canBeMailed = true;
    private boolean needsPerson;
    private Optional<YearMonth> oldestUnsent = Optional.empty();
    private boolean hasTag = true;
    private boolean hasLogo = true;

    @ParameterizedTest
    @EnumSource
    void every_duty_is_met_while_all_is_well(Check check) {
        hasLogo = check != Check.NO_LOGO;

        assertThat(state(check)).isEqualTo("met");
    }

    @ParameterizedTest
    @EnumSource
    void a_clause_that_the_profile_exempts_does_not_apply_whatever_happens(Check check) {
        isDifferent = true;
        hasTag = false;
        account = Account.State.SUSPENDED;
        Exemption exemption = new Exemption("Aucun rapprochement", "anna", LocalDate.parse("2026-11-25"));

        assertThat(facts().duty(clause(check, Optional.of(exemption))).state()).isEqualTo(State.NOT_APPLICABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T20:59:59.999Z, met",
        "2026-11-25T21:00:00Z, at-risk until 2026-11-26T09:00:00Z",
        "2026-11-26T08:59:59.999Z, at-risk until 2026-11-26T09:00:00Z",
        "2026-11-26T09:00:00Z, broken"
    })
    void the_daily_update_breaks_24_hours_after_the_start_of_the_last_proved_sweep(Instant at, String state) {
        now = at;

        assertThat(state(Check.DAILY_UPDATE)).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-27T08:59:59.999Z, met", "2026-11-27T09:00:00Z, at-risk"})
    void the_faithfulness_is_at_risk_48_hours_after_the_last_self_audit(Instant at, String state) {
        now = at;
        assertThat(state(Check.SELF_AUDIT)).isEqualTo(state);

        auditedAt = Optional.empty();
        assertThat(state(Check.SELF_AUDIT)).as("before the first proved sweep").isEqualTo("met");
    }

    @Test
    void a_mirror_that_was_never_updated_breaks_the_daily_update() {
        updatedAt = Optional.empty();

        assertThat(state(Check.DAILY_UPDATE)).isEqualTo("broken");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-10T22:59:59.999Z, at-risk until 2026-12-10T23:00:00Z",
        "2026-12-10T23:00:00Z, met",
        // Summer time begins within the 15 days.
        "2027-04-04T21:59:59.999Z, at-risk until 2027-04-04T22:00:00Z",
        "2027-04-04T22:00:00Z, met"
    })
    void an_undecided_version_is_a_risk_until_it_is_in_force(Instant at, String state) {
        now = at;
        String informedOn = at.isBefore(Instant.parse("2027-01-01T00:00:00Z")) ? "2026-11-25" : "2027-03-20";
        notices = List.of(notice(LocalDate.parse(informedOn), null));

        assertThat(state(Check.LICENCE_VERSION)).isEqualTo(state);
    }

    @Test
    void a_refused_version_breaks_the_clause_and_an_accepted_one_does_not() {
        notices = List.of(notice(LocalDate.parse("2026-11-25"), Decision.REFUSED));
        assertThat(state(Check.LICENCE_VERSION)).isEqualTo("broken");

        notices = List.of(notice(LocalDate.parse("2026-11-25"), Decision.ACCEPTED));
        assertThat(state(Check.LICENCE_VERSION)).isEqualTo("met");
    }

    @ParameterizedTest
    @CsvSource({"2027-01-24T22:59:59.999Z, at-risk until 2027-01-24T23:00:00Z", "2027-01-24T23:00:00Z, met"})
    void a_change_of_the_api_is_a_risk_until_its_day_begins(Instant at, String state) {
        now = at;
        changes = List.of(new ApiChange(
                1,
                LocalDate.parse("2026-11-25"),
                LocalDate.parse("2027-01-25"),
                "A field goes",
                now,
                "anna",
                null,
                null));

        assertThat(state(Check.API_CHANGES)).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-12-01T09:00:00Z, false, met",
        "2026-12-01T09:00:00Z, true, at-risk until 2026-12-31T23:00:00Z",
        "2026-12-31T22:59:59.999Z, true, at-risk until 2026-12-31T23:00:00Z",
        "2026-12-31T22:59:59.999Z, false, met",
        "2026-12-31T23:00:00Z, false, broken"
    })
    void a_report_must_be_sent_before_the_following_month_ends_in_paris(Instant at, boolean needsPerson, String state) {
        now = at;
        this.needsPerson = needsPerson;
        oldestUnsent = Optional.of(YearMonth.parse("2026-11"));

        assertThat(state(Check.MONTHLY_REPORT)).isEqualTo(state);
    }

    @ParameterizedTest
    @CsvSource({
        "2027-09-25T21:59:59.999Z, met",
        "2027-09-25T22:00:00Z, at-risk until 2027-11-25T09:00:00.001Z",
        "2027-11-25T09:00:00Z, at-risk until 2027-11-25T09:00:00.001Z",
        "2027-11-25T09:00:00.001Z, broken"
    })
    void the_licence_ends_more_than_twelve_months_after_the_last_call(Instant at, String state) {
        now = at;

        assertThat(state(Check.ACCESS)).isEqualTo(state);
    }

    @Test
    void a_refused_account_is_a_risk_and_a_suspended_one_breaks_the_access() {
        account = Account.State.SUSPECT;
        assertThat(state(Check.ACCESS)).isEqualTo("at-risk");

        account = Account.State.SUSPENDED;
        assertThat(state(Check.ACCESS)).isEqualTo("broken");
    }

    @Test
    void what_is_not_set_is_not_configured() {
        hasTag = false;
        hasLogo = false;
        canBeMailed = false;

        assertThat(Arrays.stream(Check.values()).filter(check -> state(check).equals("not-configured")))
                .containsExactlyInAnyOrder(Check.XITI_TAG, Check.LOGO, Check.MONTHLY_REPORT);
    }

    @Test
    void each_other_problem_changes_only_its_own_clause() {
        isDifferent = true;
        isRestored = true;
        isChangelogUnpublished = true;

        assertThat(state(Check.SELF_AUDIT)).isEqualTo("broken");
        assertThat(state(Check.CHANGELOG)).isEqualTo("broken");
        assertThat(state(Check.RESTORE)).isEqualTo("at-risk");
        assertThat(state(Check.NO_LOGO)).isEqualTo("broken");
        assertThat(EnumSet.complementOf(EnumSet.of(Check.SELF_AUDIT, Check.CHANGELOG, Check.RESTORE, Check.NO_LOGO)))
                .allSatisfy(check -> assertThat(state(check)).isEqualTo("met"));
    }

    private String state(Check check) {
        Duty duty = facts().duty(clause(check, Optional.empty()));
        return duty.state() + duty.breaksAt().map(at -> " until " + at).orElse("");
    }

    private Facts facts() {
        return new Facts(
                new LicenceStatus(notices, now),
                changes,
                isDifferent,
                auditedAt,
                updatedAt,
                lastAnswered,
                account,
                isRestored,
                isChangelogUnpublished,
                new Facts.Reports(canBeMailed, needsPerson, oldestUnsent, PARIS),
                hasTag,
                hasLogo);
    }

    private static Clause clause(Check check, Optional<Exemption> exemption) {
        return new Clause("id", "1", "duty", "mechanism", List.of(), "evidence", List.of(), check, exemption);
    }

    private static LicenceNotice notice(LocalDate informedOn, Decision decision) {
        Instant decidedAt = decision == null ? null : Instant.parse("2026-11-25T09:00:00Z");
        return new LicenceNotice(
                1,
                "2",
                informedOn,
                "licence.pdf",
                "00",
                Instant.parse("2026-11-25T09:00:00Z"),
                "anna",
                decision,
                decidedAt,
                decision == null ? null : "anna",
                null,
                null);
    }
}
