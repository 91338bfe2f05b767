package fr.relais.licence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.Mirror;
import fr.relais.database.UtcTime;
import fr.relais.ledger.LedgerEntry;
import fr.relais.licence.LicenceStatus.State;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The licence register with its entries in the ledger, its reminders, and the mentions that name the version. */
class LicenceRegisterIT {

    private static final LocalDate DAY = LocalDate.parse("2026-11-25");

    @TempDir
    private static Path folder;

    private static final SettableClock CLOCK = new SettableClock(Instant.parse("2026-11-25T09:00:00Z"));
    private static SourceSimulator source;
    private static Mirror mirror;
    private static LicenceRegister register;
    private static LicenceText text;

    @BeforeAll
    static void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 3, CLOCK.instant(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).start(CLOCK);
        register = mirror.relais().licence();
        text = LicenceText.of(Files.writeString(folder.resolve("licence.pdf"), "Article 1"));
    }

    @BeforeEach
    void empty() {
        CLOCK.set(Instant.parse("2026-11-25T09:00:00Z"));
        for (String table : List.of("licence_notice", "api_change", "alert", "sweep", "ledger")) {
            mirror.jdbc.sql("delete from " + table).update();
        }
        mirror.jdbc
                .sql("update ledger_head set number = 0, hash = repeat('0', 64)")
                .update();
        mirror.jdbc.sql("alter table api_change auto_increment = 1").update();
    }

    @AfterAll
    static void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void each_write_is_an_entry_of_the_ledger_and_a_refused_write_is_none() {
        register.recordNotice("2", DAY, text, "anna");
        register.accept("2", "bob");
        register.withdraw("2", "anna");
        register.recordNotice("2", DAY.minusDays(1), text, "anna");
        register.refuse("2", "bob");
        ApiChange change = register.recordApiChange(DAY, DAY.plusMonths(2), "A field goes", "anna");
        register.withdrawApiChange(change.id(), "anna");

        assertRefused(() -> register.recordNotice("2", DAY, text, "anna"), "in the register already");
        assertRefused(() -> register.recordNotice("3", DAY.plusDays(1), text, "anna"), "in the future");
        assertRefused(() -> register.recordNotice("3", LocalDate.parse("0206-11-25"), text, "anna"), "cannot be right");
        assertRefused(() -> register.recordNotice("a b", DAY, text, "anna"), "1 to 32 letters");
        assertRefused(() -> register.recordApiChange(DAY, DAY.minusDays(1), "x", "anna"), "cannot be right");
        assertRefused(() -> register.recordApiChange(DAY, DAY, "a\nb", "anna"), "one line");
        assertRefused(() -> register.refuse("2", "bob"), "refused already, by bob");
        assertRefused(() -> register.accept("3", "bob"), "no notice of version 3");
        assertRefused(() -> register.withdraw("3", "bob"), "no notice of version 3");
        assertRefused(() -> register.withdrawApiChange(change.id(), "bob"), "no notice of API change");

        String file = "\"file\":\"licence.pdf\",\"sha256\":\"" + text.sha256() + "\"";
        assertThat(entries())
                .containsExactly(
                        "{\"event\":\"notice\",\"version\":\"2\",\"informedOn\":\"2026-11-25\"," + file
                                + ",\"by\":\"anna\"}",
                        "{\"event\":\"accepted\",\"version\":\"2\",\"by\":\"bob\"}",
                        "{\"event\":\"withdrawn\",\"version\":\"2\",\"by\":\"anna\"}",
                        "{\"event\":\"notice\",\"version\":\"2\",\"informedOn\":\"2026-11-24\"," + file
                                + ",\"by\":\"anna\"}",
                        "{\"event\":\"refused\",\"version\":\"2\",\"by\":\"bob\"}",
                        "{\"event\":\"api-change\",\"apiChange\":1,\"informedOn\":\"2026-11-25\","
                                + "\"effectiveOn\":\"2027-01-25\",\"summary\":\"A field goes\",\"by\":\"anna\"}",
                        "{\"event\":\"api-change-withdrawn\",\"apiChange\":1,\"by\":\"anna\"}");
        assertThat(mirror.relais().ledger().verify(Optional.empty()).isIntact()).isTrue();
        assertThat(register.status().notices())
                .extracting(notice -> register.status().state(notice))
                .containsExactly(State.WITHDRAWN, State.REFUSED);
        assertThat(register.apiChanges()).isEmpty();
    }

    @Test
    void a_version_can_be_refused_and_is_not_named_until_the_last_millisecond_in_paris() {
        CLOCK.set(Instant.parse("2026-12-10T22:59:59.999Z"));
        register.recordNotice("2", DAY, text, "anna");
        register.recordNotice("3", DAY, text, "anna");
        register.refuse("2", "bob");
        assertThat(mentions().licenceVersion()).isNull();
        assertThat(mentions().licence()).doesNotContain("version");
        CLOCK.advance(Duration.ofMillis(1));

        assertThat(mentions().licenceVersion()).isEqualTo("3");
        assertThat(mentions().licence()).endsWith("Pôle emploi, version 3.");
        assertRefused(() -> register.refuse("3", "bob"), "in force since 2026-12-11");
        assertRefused(() -> register.accept("3", "bob"), "in force since 2026-12-11");
        register.withdraw("3", "bob");
        assertThat(register.versionInForce())
                .as("a refused version can be accepted later")
                .isEmpty();
        assertThat(register.accept("2", "bob").bindsFrom()).contains(CLOCK.instant());
        assertThat(register.versionInForce()).contains("2");
    }

    @Test
    void of_two_processes_that_record_a_version_at_the_same_time_one_is_refused() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Mirror other = mirror.secondProcess().start(CLOCK)) {
            List<Callable<LicenceNotice>> writers = List.of(
                    () -> register.recordNotice("2", DAY, text, "anna"),
                    () -> other.relais().licence().recordNotice("2", DAY, text, "bob"));

            List<Throwable> failures = new ArrayList<>();
            for (Future<LicenceNotice> result : threads.invokeAll(writers)) {
                try {
                    result.get();
                } catch (ExecutionException e) {
                    failures.add(e.getCause());
                }
            }

            assertThat(failures).singleElement().isInstanceOf(RegisterRefusal.class);
            assertThat(entries()).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void each_reminder_is_sent_once_by_all_processes_together() throws Exception {
        mirror.sweep();
        register.recordNotice("2", DAY, text, "anna");
        register.recordApiChange(DAY, DAY.plusMonths(2), "A field goes", "anna");
        List<String> alerts = new ArrayList<>();
        try (Mirror other = mirror.secondProcess().start(CLOCK)) {
            for (int day = 0; day < 70; day++) {
                alerts.addAll(licenceAlerts(mirror));
                alerts.addAll(licenceAlerts(other));
                CLOCK.advance(Duration.ofDays(1));
            }
        }

        assertThat(alerts)
                .containsExactly(
                        "Version 2 of the licence can be refused until 2026-12-10 (in 10 days).",
                        "Version 2 of the licence can be refused until 2026-12-10 (in 5 days).",
                        "Version 2 of the licence can be refused until 2026-12-10 (tomorrow).",
                        "Version 2 of the licence is in force since 2026-12-11.",
                        "Resolved: licence 2-in-force",
                        "The API changes on 2027-01-25 (in 30 days): A field goes.",
                        "The API changes on 2027-01-25 (in 10 days): A field goes.",
                        "The API changes on 2027-01-25 (tomorrow): A field goes.",
                        "Resolved: api-change 1-1-day");
    }

    @Test
    void the_time_without_a_call_is_that_since_the_last_sweep_that_the_source_answered() {
        assertThat(mirror.relais().sweeps().lastAnswered()).isEmpty();
        Instant answered = mirror.sweep().startedAt();
        CLOCK.advance(Duration.ofDays(320));
        mirror.jdbc
                .sql("insert into sweep (origines, started_at, state, fence, calls)"
                        + " values ('1', ?, 'incomplete', 0, 6)")
                .param(UtcTime.of(CLOCK.instant()))
                .update();

        assertThat(mirror.relais().sweeps().lastAnswered()).contains(answered);
        assertThat(mirror.alerts())
                .anySatisfy(line -> assertThat(line).startsWith("The source has answered no call since " + answered));
    }

    private static List<String> licenceAlerts(Mirror process) {
        return process.relais().watch().dueDeliveries().stream()
                .filter(process.relais().watch()::claim)
                .peek(process.relais().watch()::markDelivered)
                .map(delivery -> delivery.alert().summary())
                .filter(summary -> summary.matches(".*(Version|API|Resolved: (licence|api-change)) .*"))
                .toList();
    }

    /** Returns the mentions in the changelog. */
    private Mentions mentions() {
        return mirror.relais().changelog().read().mentions();
    }

    private List<String> entries() {
        List<String> entries = new ArrayList<>();
        mirror.relais().ledger().read(entry -> {
            if (entry.text().contains("\"kind\":\"" + LedgerEntry.Kind.LICENCE + "\"")) {
                entries.add(entry.text().replaceFirst("^.*\"data\":(.*)}$", "$1"));
            }
        });
        return entries;
    }

    private static void assertRefused(ThrowingCallable write, String reason) {
        assertThatThrownBy(write).isInstanceOf(RegisterRefusal.class).hasMessageContaining(reason);
    }
}
