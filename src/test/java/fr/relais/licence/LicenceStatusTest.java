package fr.relais.licence;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.licence.LicenceNotice.Decision;
import fr.relais.licence.LicenceStatus.State;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LicenceStatusTest {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    /** Every day of nine years, which include two leap days and all changes between summer and winter time. */
    static Stream<LocalDate> days() {
        return LocalDate.parse("2026-01-01").datesUntil(LocalDate.parse("2035-01-01"));
    }

    @Test
    void a_version_is_in_force_from_midnight_in_paris_after_the_15th_day_whenever_the_notice_was_given() {
        assertThat(days()).allSatisfy(day -> {
            LicenceNotice notice = notice(1, "2", day);
            Instant lastMoment =
                    day.plusDays(15).atTime(LocalTime.MAX).atZone(PARIS).toInstant();

            LicenceStatus before = new LicenceStatus(List.of(notice), lastMoment);
            assertThat(before.inForce()).isEmpty();
            assertThat(before.pending()).containsExactly(notice);
            LicenceStatus after = new LicenceStatus(List.of(notice), lastMoment.plusNanos(1));
            assertThat(after.inForce()).contains(notice);
            assertThat(after.pending()).isEmpty();
        });
    }

    @ParameterizedTest
    @CsvSource({
        // Winter time, summer time, both changes within the 15 days, a leap day within them, and the turn of a year.
        "2026-11-25, 2026-12-10T22:59:59.999Z",
        "2026-06-01, 2026-06-16T21:59:59.999Z",
        "2027-03-20, 2027-04-04T21:59:59.999Z",
        "2026-10-20, 2026-11-04T22:59:59.999Z",
        "2028-02-20, 2028-03-06T22:59:59.999Z",
        "2027-02-20, 2027-03-07T22:59:59.999Z",
        "2026-12-20, 2027-01-04T22:59:59.999Z",
        // The day of a change is the last day.
        "2027-03-13, 2027-03-28T21:59:59.999Z",
        "2026-10-10, 2026-10-25T22:59:59.999Z"
    })
    void the_deadline_is_the_end_of_the_15th_day_in_paris(LocalDate informedOn, Instant lastMillisecond) {
        LicenceNotice notice = notice(1, "2", informedOn);

        assertThat(notice.deadline().end()).isEqualTo(lastMillisecond.plusMillis(1));
        assertThat(state(notice, lastMillisecond)).isEqualTo(State.PENDING);
        assertThat(state(notice, lastMillisecond.plusMillis(1))).isEqualTo(State.IN_FORCE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "2026-11-25T12:00:00Z, none",
                "2026-11-29T22:59:59.999Z, none",
                "2026-11-29T23:00:00Z, 10-days",
                "2026-12-04T22:59:59.999Z, 10-days",
                "2026-12-04T23:00:00Z, 5-days",
                "2026-12-08T22:59:59.999Z, 5-days",
                "2026-12-08T23:00:00Z, 1-day",
                "2026-12-10T22:59:59.999Z, 1-day",
                "2026-12-10T23:00:00Z, none"
            })
    void reminders_begin_at_midnight_in_paris_ten_five_and_one_days_before_the_last_day(Instant at, String reminder) {
        LicenceNotice notice = notice(1, "2", LocalDate.parse("2026-11-25"));

        assertThat(notice.deadline().reminder(at).orElse(null)).isEqualTo(reminder);
    }

    @Test
    void an_accepted_version_is_in_force_at_the_same_moment_as_by_silence() {
        LicenceNotice notice = decided(notice(1, "2", LocalDate.parse("2026-11-25")), Decision.ACCEPTED, "2026-11-26");

        assertThat(state(notice, Instant.parse("2026-12-10T22:59:59.999Z"))).isEqualTo(State.ACCEPTED);
        assertThat(state(notice, Instant.parse("2026-12-10T23:00:00Z"))).isEqualTo(State.IN_FORCE);
    }

    @Test
    void a_refused_version_never_is_in_force_unless_it_is_accepted_later() {
        LicenceNotice notice = notice(1, "2", LocalDate.parse("2026-11-25"));
        LicenceNotice refused = decided(notice, Decision.REFUSED, "2026-11-26");
        Instant later = Instant.parse("2030-01-01T00:00:00Z");

        assertThat(new LicenceStatus(List.of(refused), later).inForce()).isEmpty();
        assertThat(new LicenceStatus(List.of(refused), later).refused()).containsExactly(refused);

        LicenceNotice accepted = decided(notice, Decision.ACCEPTED, "2027-01-10");
        assertThat(state(accepted, Instant.parse("2027-01-09T23:59:59.999Z"))).isEqualTo(State.ACCEPTED);
        assertThat(state(accepted, Instant.parse("2027-01-10T00:00:00Z"))).isEqualTo(State.IN_FORCE);
    }

    @Test
    void of_overlapping_notices_each_has_its_own_deadline_and_the_later_notice_wins() {
        LicenceNotice second = notice(1, "2", LocalDate.parse("2026-11-25"));
        LicenceNotice third = notice(2, "3", LocalDate.parse("2026-11-30"));
        List<LicenceNotice> notices = List.of(second, third);

        LicenceStatus both = new LicenceStatus(notices, Instant.parse("2026-12-10T22:59:59Z"));
        assertThat(both.pending()).containsExactly(second, third);
        LicenceStatus between = new LicenceStatus(notices, Instant.parse("2026-12-10T23:00:00Z"));
        assertThat(between.inForce()).contains(second);
        assertThat(between.pending()).containsExactly(third);
        LicenceStatus after = new LicenceStatus(notices, Instant.parse("2026-12-15T23:00:00Z"));
        assertThat(after.inForce()).contains(third);
        assertThat(after.state(second)).isEqualTo(State.REPLACED);
    }

    @Test
    void a_notice_that_was_recorded_late_does_not_replace_a_later_version() {
        LicenceNotice third = notice(1, "3", LocalDate.parse("2026-11-25"));
        LicenceNotice second = notice(2, "2", LocalDate.parse("2026-10-01"));

        LicenceStatus status = new LicenceStatus(List.of(third, second), Instant.parse("2027-01-01T00:00:00Z"));

        assertThat(status.inForce()).contains(third);
        assertThat(status.state(second)).isEqualTo(State.REPLACED);
    }

    @Test
    void a_later_version_in_force_settles_a_refusal_and_an_earlier_one_does_not() {
        LicenceNotice refused = decided(notice(1, "2", LocalDate.parse("2026-11-25")), Decision.REFUSED, "2026-11-26");
        LicenceNotice earlier = notice(2, "1", LocalDate.parse("2026-10-01"));
        LicenceNotice later = notice(3, "3", LocalDate.parse("2027-02-01"));
        List<LicenceNotice> notices = List.of(refused, earlier, later);

        assertThat(new LicenceStatus(notices, Instant.parse("2027-02-10T00:00:00Z")).refused())
                .containsExactly(refused);
        assertThat(new LicenceStatus(notices, Instant.parse("2027-03-10T00:00:00Z")).refused())
                .isEmpty();
    }

    @Test
    void a_withdrawn_notice_counts_for_nothing() {
        LicenceNotice notice = notice(1, "2", LocalDate.parse("2026-11-25"));
        LicenceNotice withdrawn = new LicenceNotice(
                1,
                "2",
                notice.informedOn(),
                notice.file(),
                notice.sha256(),
                notice.recordedAt(),
                "anna",
                Decision.REFUSED,
                notice.recordedAt(),
                "anna",
                notice.recordedAt(),
                "bob");
        LicenceStatus status = new LicenceStatus(List.of(withdrawn), Instant.parse("2027-01-01T00:00:00Z"));

        assertThat(status.inForce()).isEmpty();
        assertThat(status.pending()).isEmpty();
        assertThat(status.refused()).isEmpty();
        assertThat(status.state(withdrawn)).isEqualTo(State.WITHDRAWN);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-25, 2027-01-25", "2026-12-31, 2027-02-28", "2027-12-31, 2028-02-29", "2026-08-31, 2026-10-31"})
    void a_change_of_the_api_may_take_effect_two_months_after_its_notice(LocalDate informedOn, LocalDate earliest) {
        assertThat(ApiChange.earliestEffect(informedOn)).isEqualTo(earliest);
        assertThat(change(informedOn, earliest).isShortNotice()).isFalse();
        assertThat(change(informedOn, earliest.minusDays(1)).isShortNotice()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "2026-12-25T22:59:59Z, none",
                "2026-12-25T23:00:00Z, 30-days",
                "2027-01-14T23:00:00Z, 10-days",
                "2027-01-23T23:00:00Z, 1-day",
                "2027-01-25T22:59:59Z, 1-day",
                "2027-01-25T23:00:00Z, none"
            })
    void a_change_of_the_api_is_reminded_of_until_the_end_of_its_day(Instant at, String reminder) {
        ApiChange change = change(LocalDate.parse("2026-11-25"), LocalDate.parse("2027-01-25"));

        assertThat(change.deadline().reminder(at).orElse(null)).isEqualTo(reminder);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T09:00:00Z, 2027-11-25T09:00:00Z",
        // A leap day has no anniversary.
        "2028-02-29T09:00:00Z, 2029-02-28T09:00:00Z",
        // Summer time began on another day of March in the year before.
        "2026-03-28T09:00:00Z, 2027-03-28T08:00:00Z"
    })
    void the_licence_ends_when_the_last_call_was_more_than_twelve_months_ago(Instant lastCall, Instant end) {
        Inactivity inactivity = new Inactivity(lastCall);

        assertThat(inactivity.licenceEnd()).isEqualTo(end);
        assertThat(inactivity.state(end)).contains("10-days");
        assertThat(inactivity.state(end.plusMillis(1))).contains("ended");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "2027-09-25T21:59:59Z, none",
                "2027-09-25T22:00:00Z, 60-days",
                "2027-10-25T22:00:00Z, 30-days",
                "2027-11-14T23:00:00Z, 10-days",
                "2028-11-25T09:00:00Z, ended"
            })
    void the_end_of_the_licence_is_announced(Instant at, String state) {
        assertThat(new Inactivity(Instant.parse("2026-11-25T09:00:00Z"))
                        .state(at)
                        .orElse(null))
                .isEqualTo(state);
    }

    private static State state(LicenceNotice notice, Instant at) {
        return new LicenceStatus(List.of(notice), at).state(notice);
    }

    private static LicenceNotice notice(long id, String version, LocalDate informedOn) {
        return new LicenceNotice(
                id,
                version,
                informedOn,
                "licence.pdf",
                "00",
                Instant.parse("2026-11-25T09:00:00Z"),
                "anna",
                null,
                null,
                null,
                null,
                null);
    }

    private static LicenceNotice decided(LicenceNotice notice, Decision decision, String day) {
        return new LicenceNotice(
                notice.id(),
                notice.version(),
                notice.informedOn(),
                notice.file(),
                notice.sha256(),
                notice.recordedAt(),
                notice.recordedBy(),
                decision,
                Instant.parse(day + "T00:00:00Z"),
                "anna",
                null,
                null);
    }

    private static ApiChange change(LocalDate informedOn, LocalDate effectiveOn) {
        return new ApiChange(1, informedOn, effectiveOn, "A field is renamed", Instant.EPOCH, "anna", null, null);
    }
}
