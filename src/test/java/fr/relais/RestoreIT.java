package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportState;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.RestoreCheck;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.component.mock.MockEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A database that was restored from a backup. It may have offers that the source has removed since, so the mirror is
 * not fresh until a sweep is proved.
 */
@Tag("long")
class RestoreIT {

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 100, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).start();
        mirror.sweep();
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void the_mirror_stays_fresh_after_a_restart_without_a_restore() throws Exception {
        mirror.start();

        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    @Test
    void rebuilt_tables_are_not_taken_for_a_restore() throws Exception {
        mirror.jdbc
                .sql("select table_name from information_schema.tables where table_schema = database()")
                .query(String.class)
                .list()
                .forEach(table ->
                        mirror.jdbc.sql("alter table " + table + " force").update());

        mirror.start();

        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    @Test
    void a_restore_while_the_process_runs_is_noticed_and_followed_by_a_sweep_at_once() {
        long backup = fence();
        mirror.sweep();
        restore(backup);

        mirror.camel().createProducerTemplate().sendBody("direct:relais-sweep-after-restore", null);

        assertThat(mirror.relais().sweeps().last(9))
                .extracting(SweepSummary::state)
                .containsExactly(SweepState.PROVED, SweepState.RESTORED, SweepState.RESTORED);
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
        mirror.camel().createProducerTemplate().sendBody("direct:relais-sweep-after-restore", null);
        assertThat(mirror.relais().sweeps().last(9)).hasSize(3);
    }

    @Test
    void a_restore_while_no_process_runs_is_noticed_at_the_next_start() throws Exception {
        long backup = fence();
        mirror.sweep();
        mirror.stop();
        restore(backup);

        mirror.start();

        assertNotFreshUntilProved();
        mirror.start();
        assertThat(state()).as("the restore is noticed only once").isEqualTo(Freshness.State.FRESH);
    }

    @Test
    void a_backup_from_the_middle_of_a_sweep_is_older_than_the_end_of_that_sweep() throws Exception {
        AtomicLong backup = new AtomicLong();
        source.onCall((exchange, call) -> {
            backup.set(fence());
            return false;
        });
        mirror.sweep();
        mirror.stop();
        restore(backup.get());

        mirror.start();

        assertNotFreshUntilProved();
    }

    @Test
    void a_backup_made_and_restored_between_two_sweeps_is_noticed() {
        long backup = fence();
        assertThat(mirror.bean(RestoreCheck.class).check()).isFalse();
        restore(backup);

        assertThat(mirror.bean(RestoreCheck.class).check()).isTrue();
        assertThat(state()).isEqualTo(Freshness.State.WITHDRAWN);
    }

    @Test
    void the_checks_of_one_process_are_no_restore_for_another(@TempDir Path folder) throws Exception {
        try (Mirror other = mirror.secondProcess()
                .with("relais.restore.folder", folder.toString())
                .start()) {
            for (int check = 0; check < 3; check++) {
                assertThat(mirror.bean(RestoreCheck.class).check()).isFalse();
                assertThat(other.bean(RestoreCheck.class).check()).isFalse();
                assertThat(other.bean(RestoreCheck.class).check()).isFalse();
            }
        }
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    @Test
    void a_check_does_not_take_the_lease_from_a_sweep_whose_lease_has_expired() {
        source.onCall((exchange, call) -> {
            mirror.jdbc.sql("update lease set expires_at = '2000-01-01'").update();
            mirror.bean(RestoreCheck.class).check();
            return false;
        });

        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
    }

    /** A dump has its tables in alphabetical order. The lease comes first, minutes before the sweeps. */
    @Test
    void sweeps_that_an_import_brings_back_after_the_restore_was_noticed_do_not_count() {
        long backup = fence();
        mirror.jdbc.sql("create table dump as select * from sweep").update();
        mirror.sweep();
        restore(backup);
        assertThat(mirror.bean(RestoreCheck.class).check()).isTrue();
        assertThat(mirror.bean(RestoreCheck.class).check()).isFalse();
        mirror.jdbc.sql("delete from sweep").update();
        mirror.jdbc.sql("insert into sweep select * from dump").update();

        assertThat(mirror.bean(RestoreCheck.class).check()).isTrue();

        assertNotFreshUntilProved();
        assertThat(mirror.bean(RestoreCheck.class).check()).isFalse();
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    @Test
    void offers_are_withdrawn_at_once_even_if_the_reports_cannot_be_held_yet() {
        YearMonth last = YearMonth.now(ZoneId.of("Europe/Paris")).minusMonths(1);
        long backup = fence();
        mirror.sweep();
        restore(backup);
        mirror.jdbc.sql("rename table monthly_report to missing").update();

        for (int check = 0; check < 2; check++) {
            assertThatThrownBy(() -> mirror.bean(RestoreCheck.class).check()).hasMessageContaining("monthly_report");
            assertThat(state()).isEqualTo(Freshness.State.WITHDRAWN);
        }

        mirror.jdbc.sql("rename table missing to monthly_report").update();
        mirror.jdbc.sql("delete from monthly_report").update();
        insertReport(last, "open");
        assertThat(mirror.bean(RestoreCheck.class).check()).isTrue();
        assertThat(mirror.relais().reports().of(last).state()).isEqualTo(ReportState.SUBMITTING);
        assertNotFreshUntilProved();
        assertThat(mirror.bean(RestoreCheck.class).check()).isFalse();
    }

    @Test
    void an_incomplete_sweep_after_a_restore_is_followed_by_another_after_ten_minutes() {
        RestoreCheck restoreCheck = mirror.bean(RestoreCheck.class);
        insertSweep("incomplete", 11);
        assertThat(restoreCheck.isSweepDue()).as("without a restore").isFalse();

        restore(0);
        restoreCheck.check();
        assertThat(restoreCheck.isSweepDue()).as("at once").isTrue();

        insertSweep("incomplete", 9);
        assertThat(restoreCheck.isSweepDue()).as("after nine minutes").isFalse();
        insertSweep("incomplete", 11);
        assertThat(restoreCheck.isSweepDue()).as("after eleven minutes").isTrue();
        insertSweep("held", 11);
        assertThat(restoreCheck.isSweepDue()).as("while a sweep is held").isFalse();
    }

    @Test
    void a_process_that_remembers_more_does_not_notice_the_same_restore_again(@TempDir Path folder) throws Exception {
        long backup = fence();
        try (Mirror other = mirror.secondProcess()
                .with("relais.restore.folder", folder.toString())
                .start()) {
            mirror.sweep();
            other.sweep();
            restore(backup);

            assertThat(mirror.bean(RestoreCheck.class).check()).isTrue();
            mirror.sweep();

            assertThat(other.bean(RestoreCheck.class).check()).isFalse();
            assertThat(state()).isEqualTo(Freshness.State.FRESH);
        }
    }

    @Test
    void a_warning_says_that_a_restore_cannot_be_excluded_when_nothing_is_remembered(@TempDir Path folder)
            throws Exception {
        mirror.with("relais.restore.folder", folder.resolve("new").toString());

        List<String> warnings = warnings(mirror::start);

        assertThat(warnings).anySatisfy(warning -> assertThat(warning)
                .contains("is not known", "update sweep set state = 'restored'"));
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
        assertThat(warnings(mirror::start)).noneMatch(warning -> warning.contains("is not known"));
    }

    @Test
    void a_restore_while_the_process_runs_is_noticed_even_if_the_folder_cannot_be_written(@TempDir Path folder)
            throws Exception {
        long backup = fence();
        mirror.with(
                "relais.restore.folder",
                Files.writeString(folder.resolve("file"), "no folder").toString());

        assertThat(warnings(mirror::start)).anyMatch(warning -> warning.contains("relais.restore.folder cannot"));

        mirror.sweep();
        restore(backup);
        assertThat(mirror.bean(RestoreCheck.class).check()).isTrue();
    }

    @Test
    void reports_that_may_have_been_sent_after_the_backup_need_the_word_of_an_operator() throws Exception {
        mirror.with("relais.report.uri", "mock:mail")
                .with("relais.report.from", "relais@example.org")
                .with("relais.report.cron", "0 * * * * ?")
                .start();
        MonthlyReports reports = mirror.relais().reports();
        YearMonth present = YearMonth.now(ZoneId.of("Europe/Paris"));
        mirror.jdbc.sql("delete from monthly_report").update();
        insertReport(present.minusMonths(4), "accepted");
        insertReport(present.minusMonths(3), "open");
        reports.freeze(present.minusMonths(3));
        // The last month and the present one were opened after the backup.
        mirror.jdbc
                .sql("delete from monthly_report where month >= ?")
                .param(present.minusMonths(1).atDay(1))
                .update();
        long backup = fence();
        mirror.sweep();
        restore(backup);

        mirror.camel().createProducerTemplate().sendBody("direct:relais-report", null);

        MockEndpoint mail = mirror.camel().getEndpoint("mock:mail", MockEndpoint.class);
        assertThat(mail.getReceivedCounter()).isZero();
        assertThat(reports.last(5))
                .extracting(MonthlyReport::state)
                .containsExactly(
                        ReportState.OPEN,
                        ReportState.SUBMITTING,
                        ReportState.SUBMITTING,
                        ReportState.SUBMITTING,
                        ReportState.ACCEPTED);
        assertThat(reports.needingOperator()).hasValueSatisfying(report -> {
            assertThat(report.month()).isEqualTo(present.minusMonths(3));
            assertThat(report.reason()).contains("the database was restored");
        });

        reports.markDelivered(present.minusMonths(3), null);
        reports.prepareResend(present.minusMonths(2), null);
        mirror.camel().createProducerTemplate().sendBody("direct:relais-report", null);

        assertThat(mail.getReceivedCounter()).isEqualTo(1);
        assertThat(reports.of(present.minusMonths(3)).state()).isEqualTo(ReportState.ACCEPTED);
        assertThat(reports.of(present.minusMonths(2)).state()).isEqualTo(ReportState.ACCEPTED);
    }

    @Test
    void the_api_keys_that_the_backup_has_revived_are_named() throws Exception {
        mirror.with("relais.alert.uri", "mock:alerts").start();
        mirror.jdbc
                .sql("insert into api_key values ('anna', 'OPERATOR', 'a', now()), ('mysite', 'SITE', 'b', now())")
                .update();
        restore(0);

        List<String> warnings = warnings(() -> mirror.bean(RestoreCheck.class).check());
        mirror.watch();

        String revived = "Revoke again the API keys that were revoked after the backup; those that are valid now:"
                + " anna, mysite.";
        assertThat(warnings).anyMatch(warning -> warning.contains(revived));
        assertThat(mirror.camel().getEndpoint("mock:alerts", MockEndpoint.class).getExchanges())
                .extracting(exchange -> exchange.getMessage().getBody(String.class))
                .anyMatch(alert -> alert.contains("The database was restored") && alert.contains(revived));
    }

    private void insertReport(YearMonth month, String state) {
        mirror.jdbc
                .sql("insert into monthly_report (month, state, opened_at) values (?, ?, ?)")
                .params(month.atDay(1), state, month.atDay(1))
                .update();
    }

    private void insertSweep(String state, int minutesAgo) {
        mirror.jdbc
                .sql("insert into sweep (origines, state, fence, started_at, ended_at) select '1', ?, fence,"
                        + " utc_timestamp(3) - interval ? minute, utc_timestamp(3) - interval ? minute"
                        + " from lease where name = 'sweep'")
                .params(state, minutesAgo, minutesAgo)
                .update();
    }

    /** Makes the database look like one that was restored from a backup with this fence. */
    private void restore(long fence) {
        mirror.jdbc.sql("update lease set fence = ?").param(fence).update();
    }

    private long fence() {
        return mirror.jdbc
                .sql("select fence from lease where name = 'sweep'")
                .query(Long.class)
                .single();
    }

    /** Returns the warnings that an action logs. */
    private static List<String> warnings(Callable<?> action) throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("fr.relais.sweep");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        logger.addAppender(appender);
        try {
            action.call();
        } finally {
            logger.detachAppender(appender);
        }
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private void assertNotFreshUntilProved() {
        assertThat(mirror.relais().freshness().read())
                .isEqualTo(new Freshness.Reading(Freshness.State.WITHDRAWN, null, null));
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    private Freshness.State state() {
        return mirror.relais().freshness().read().state();
    }
}
