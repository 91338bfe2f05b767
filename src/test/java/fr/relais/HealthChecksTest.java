package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;

import fr.relais.changelog.Changelog;
import fr.relais.changelog.Publication;
import fr.relais.changelog.UnpublishedChangelog;
import fr.relais.licence.LicenceNotice;
import fr.relais.licence.LicenceRegister;
import fr.relais.licence.LicenceStatus;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportState;
import fr.relais.source.Account;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepHistory;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.UndecidedOffers;
import fr.relais.watch.Watch;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

class HealthChecksTest {

    private static final Instant NOW = Instant.parse("2026-11-25T09:00:00Z");

    private final Relais relais = mock(Relais.class);
    private final Freshness freshness = mock(Freshness.class);
    private final Account account = mock(Account.class);
    private final SweepHistory sweeps = mock(SweepHistory.class);
    private final MonthlyReports reports = mock(MonthlyReports.class);
    private final Publication publication = mock(Publication.class);
    private final LicenceRegister licence = mock(LicenceRegister.class);
    private final Watch watch = mock(Watch.class);
    private DefaultCamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void allIsWell() {
        Changelog changelog = mock(Changelog.class);
        doReturn(freshness).when(relais).freshness();
        doReturn(account).when(relais).account();
        doReturn(sweeps).when(relais).sweeps();
        doReturn(reports).when(relais).reports();
        doReturn(changelog).when(relais).changelog();
        doReturn(publication).when(changelog).publication();
        doReturn(licence).when(relais).licence();
        doReturn(new LicenceStatus(List.of(), NOW)).when(licence).status();
        doReturn(watch).when(relais).watch();
        doReturn(new Freshness.Reading(Freshness.State.FRESH, NOW, Duration.ofHours(1)))
                .when(freshness)
                .read();
        account(Account.State.ACTIVE);
        sweepEnded(SweepState.PROVED);
        doReturn(Optional.empty()).when(sweeps).undecided();
        doReturn(Optional.empty()).when(reports).needingOperator();
        doReturn(Optional.empty()).when(publication).unpublished();
        start();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void camel_finds_every_check_and_all_are_up_while_there_is_no_problem() {
        HealthCheckRegistry.get(camel).setExposureLevel("full");

        assertThat(HealthCheckHelper.invoke(camel))
                .filteredOn(result -> "relais".equals(result.getCheck().getGroup()))
                .allSatisfy(result -> assertThat(result.getState()).isEqualTo(HealthCheck.State.UP))
                .extracting(result -> result.getCheck().getId())
                .containsExactlyInAnyOrder(
                        "relais-freshness",
                        "relais-account",
                        "relais-removals",
                        "relais-report",
                        "relais-changelog",
                        "relais-licence",
                        "relais-alerts");
    }

    @Test
    void no_problem_of_the_pipeline_restarts_the_host_or_takes_its_traffic_away() {
        doReturn(new Freshness.Reading(Freshness.State.WITHDRAWN, null, null))
                .when(freshness)
                .read();
        account(Account.State.SUSPENDED);

        assertThat(down()).containsOnlyKeys("relais-freshness", "relais-account");
        assertThat(HealthCheckHelper.isResultsUp(HealthCheckHelper.invokeLiveness(camel), false))
                .isTrue();
        assertThat(HealthCheckHelper.isResultsUp(HealthCheckHelper.invokeReadiness(camel), true))
                .isTrue();
    }

    @Test
    void a_stale_mirror_is_reported_as_down_with_its_age() {
        doReturn(new Freshness.Reading(Freshness.State.STALE, NOW, Duration.ofHours(25)))
                .when(freshness)
                .read();

        assertThat(down())
                .containsExactly(Map.entry(
                        "relais-freshness",
                        Map.of("state", Freshness.State.STALE, "updatedAt", NOW, "age", Duration.ofHours(25))));
    }

    @Test
    void a_refused_account_is_reported_as_down() {
        account(Account.State.SUSPECT);

        assertThat(down()).containsExactly(Map.entry("relais-account", Map.of("state", Account.State.SUSPECT)));
    }

    @Test
    void a_held_sweep_is_reported_as_down_and_undecided_offers_are_a_detail() {
        doReturn(Optional.of(new UndecidedOffers(2, NOW))).when(sweeps).undecided();
        assertThat(down()).isEmpty();

        sweepEnded(SweepState.HELD);

        assertThat(down())
                .containsExactly(
                        Map.entry("relais-removals", Map.of("held", 7L, "undecided", 2, "undecidedSince", NOW)));
    }

    @Test
    void a_report_that_needs_a_person_is_reported_as_down() {
        YearMonth month = YearMonth.of(2026, 10);
        doReturn(Optional.of(new MonthlyReport(
                        month,
                        ReportState.FAILED,
                        NOW,
                        NOW,
                        false,
                        false,
                        1,
                        1,
                        "",
                        1,
                        NOW,
                        null,
                        "refused",
                        false,
                        "1:0")))
                .when(reports)
                .needingOperator();

        assertThat(down())
                .containsExactly(
                        Map.entry("relais-report", Map.of("month", month, "state", ReportState.FAILED.toString())));
    }

    @Test
    void a_changelog_that_cannot_be_published_is_reported_as_down() {
        doReturn(Optional.of(new UnpublishedChangelog(4, NOW, null)))
                .when(publication)
                .unpublished();

        assertThat(down())
                .containsExactly(
                        Map.entry("relais-changelog", Map.of("since", NOW, "attempts", 4, "reason", "unknown")));
    }

    @Test
    void an_alert_that_was_not_delivered_is_reported_as_down() {
        doReturn(true).when(watch).isUndelivered();

        assertThat(down()).containsExactly(Map.entry("relais-alerts", Map.of("state", "not delivered")));
    }

    @Test
    void a_check_that_cannot_read_the_database_is_down_and_quotes_nothing() {
        doThrow(new DataIntegrityViolationException("insert into offer ... a secret"))
                .when(freshness)
                .read();

        HealthCheck.Result result = check("relais-freshness").call();

        assertThat(result.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(result.getDetails()).isEqualTo(Map.of("state", HealthCheck.State.UNKNOWN));
        assertThat(result.getError()).isEmpty();
        assertThat(result.getMessage()).isEmpty();
    }

    @Test
    void a_refused_version_of_the_licence_is_reported_as_down_and_an_undecided_one_is_a_detail() {
        LicenceNotice undecided = notice("2", null);
        doReturn(new LicenceStatus(List.of(undecided), NOW)).when(licence).status();
        assertThat(down()).isEmpty();
        assertThat(check("relais-licence").call().getDetails())
                .containsEntry("pending", "2")
                .containsEntry("deadline", LocalDate.parse("2026-12-09"));

        LicenceNotice refused = notice("2", LicenceNotice.Decision.REFUSED);
        doReturn(new LicenceStatus(List.of(refused), NOW)).when(licence).status();

        assertThat(down()).containsExactly(Map.entry("relais-licence", Map.of("refused", "2", "refusedAt", NOW)));
    }

    private static LicenceNotice notice(String version, LicenceNotice.Decision decision) {
        return new LicenceNotice(
                1,
                version,
                LocalDate.parse("2026-11-24"),
                "licence.pdf",
                "00",
                NOW,
                "anna",
                decision,
                decision == null ? null : NOW,
                decision == null ? null : "anna",
                null,
                null);
    }

    @Test
    void a_check_that_the_host_disables_is_not_down() {
        account(Account.State.SUSPENDED);

        HealthCheckHelper.getHealthCheck(camel, "relais-account").setEnabled(false);

        assertThat(down()).isEmpty();
    }

    @Test
    void the_checks_can_be_called_in_a_context_without_health_checks() {
        camel.stop();
        camel = new DefaultCamelContext() {
            @Override
            protected HealthCheckRegistry createHealthCheckRegistry() {
                return null;
            }
        };
        start();

        assertThat(HealthCheckRegistry.get(camel)).isNull();
        assertThat(check("relais-account").call().getState()).isEqualTo(HealthCheck.State.UP);
    }

    private void start() {
        HealthChecks.bind(camel.getRegistry(), relais);
        camel.start();
    }

    private HealthCheck check(String id) {
        return camel.getRegistry().lookupByNameAndType(id, HealthCheck.class);
    }

    /** Returns the details of the checks that Camel reports as down, by id. */
    private Map<String, Map<String, Object>> down() {
        return HealthCheckHelper.invoke(camel).stream()
                .filter(result -> result.getState() == HealthCheck.State.DOWN)
                .collect(Collectors.toMap(result -> result.getCheck().getId(), HealthCheck.Result::getDetails));
    }

    private void account(Account.State state) {
        doReturn(new Account.Status(state, NOW, "refused", null)).when(account).status();
    }

    private void sweepEnded(SweepState state) {
        doReturn(List.of(new SweepSummary(7, NOW, state, null, Duration.ofSeconds(1), 0, 0, 0, 0, 0, 0, 0, 0, 0)))
                .when(sweeps)
                .last(anyInt());
    }
}
