package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.ledger.Ledger;
import fr.relais.simulator.Fault;
import fr.relais.simulator.FaultKind;
import fr.relais.simulator.Faults;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.source.Account;
import fr.relais.source.SourceException;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The state of the account, and the calls to the source, when the source refuses the account. */
@Tag("long")
class AccountIT {

    private final SettableClock clock = new SettableClock(Instant.parse("2027-03-01T00:00:00Z"));
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        new OfferGenerator(1).fill(source.base(), 200, clock.instant(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).with("relais.source.retry-delay", "1").start(clock);
        mirror.sweep();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"FORBIDDEN", "REFUSED_CREDENTIALS"})
    void a_suspended_account_is_probed_once_an_hour_even_across_restarts(FaultKind refusal) throws Exception {
        clock.advance(Duration.ofHours(4));
        source.onCall(Faults.of(1, 1, EnumSet.of(refusal)));
        source.resetCounters();
        SweepSummary refused = mirror.sweep();
        assertThat(refused.state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(status().state()).isEqualTo(Account.State.SUSPENDED);
        int calls = calls();
        assertThat(calls).as("calls under way at the first refusal").isLessThanOrEqualTo(9);

        for (int step = 1; step <= 9; step++) {
            clock.advance(Duration.ofMinutes(20));
            if (step % 3 != 0) {
                mirror.start(clock);
            }
            SweepSummary summary = mirror.sweep();
            assertThat(summary.state()).isEqualTo(SweepState.INCOMPLETE);
            assertThat(summary.reason()).contains("account");
            assertThat(calls() - calls).as("after " + 20 * step + " minutes").isLessThanOrEqualTo(2 * (step / 3));
        }
        assertThat(calls()).as("calls after the probes").isGreaterThan(calls);

        source.onCall(Fault.NONE);
        clock.advance(Duration.ofHours(1));
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        assertThat(status()).isEqualTo(new Account.Status(Account.State.ACTIVE, clock.instant(), null, null));
        assertThat(mirror.offers()).hasSize(200);
    }

    @Test
    void a_refused_renewed_token_makes_the_account_suspect_but_the_next_sweep_tries_again() {
        source.onCall(Faults.of(1, 1, EnumSet.of(FaultKind.UNAUTHORIZED)));

        assertThat(mirror.sweep().state()).isEqualTo(SweepState.INCOMPLETE);
        assertThat(status().state()).isEqualTo(Account.State.SUSPECT);

        source.onCall(Fault.NONE);
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        assertThat(status().state()).isEqualTo(Account.State.ACTIVE);
    }

    @Test
    void tokens_that_expire_during_concurrent_calls_do_not_make_the_account_suspect() {
        for (int i = 0; i < 5; i++) {
            source.revokeTokens();
            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        }

        assertThat(status().state()).isEqualTo(Account.State.ACTIVE);
    }

    @Test
    void an_answer_to_a_call_made_before_the_suspension_does_not_end_it() {
        Account account = account("00000001");
        account.requireNotSuspended();
        account.requireNotSuspended();
        account.recordFailure(new SourceException.AccountRefused("no"), "Bearer x");
        account.recordSuccess();

        assertThatThrownBy(account::requireNotSuspended)
                .isInstanceOf(SourceException.AccountRefused.class)
                .hasMessageContaining("suspended since 2027-03-01T00:00:00Z: no")
                .hasMessageContaining("2027-03-01T01:00:00Z")
                .hasMessageContaining("command probe");
    }

    @Test
    void only_one_of_two_processes_probes() {
        Account one = account("00000002");
        Account two = account("00000002");
        two.requireNotSuspended();
        one.requireNotSuspended();
        one.recordFailure(new SourceException.AccountRefused("no"), "Bearer x");
        clock.advance(Duration.ofHours(1));
        one.requireNotSuspended();

        assertThatThrownBy(two::requireNotSuspended).isInstanceOf(SourceException.AccountRefused.class);
        one.recordSuccess();
        clock.advance(Duration.ofMinutes(1));
        assertThatCode(two::requireNotSuspended).doesNotThrowAnyException();
    }

    @Test
    void calls_refused_during_a_probe_do_not_end_the_probe() {
        Account account = account("00000003");
        account.requireNotSuspended();
        account.recordFailure(new SourceException.AccountRefused("no"), "Bearer x");
        clock.advance(Duration.ofHours(1));
        account.requireNotSuspended();
        assertThatThrownBy(account::requireNotSuspended).isInstanceOf(SourceException.AccountRefused.class);
        account.recordSuccess();

        assertThat(account.status().state()).isEqualTo(Account.State.ACTIVE);
    }

    @Test
    void a_process_that_did_not_see_a_suspension_does_not_undo_it() {
        Account one = account("00000004");
        Account two = account("00000004");
        two.requireNotSuspended();
        two.recordFailure(new SourceException.TokenRefused("no"), "Bearer x");
        one.requireNotSuspended();
        one.recordFailure(new SourceException.AccountRefused("no"), "Bearer x");
        two.recordFailure(new SourceException.TokenRefused("no"), "Bearer y");
        two.recordSuccess();

        assertThat(two.status().state()).isEqualTo(Account.State.SUSPENDED);
    }

    @Test
    void other_credentials_count_as_another_account() throws Exception {
        mirror.with("relais.source.client-secret", "wrong").start(clock);
        assertThat(mirror.sweep().reason()).contains("relais.source.client-secret");

        mirror.with("relais.source.client-secret", SimulatorOptions.defaults().clientSecret())
                .start(clock);
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
    }

    private Account.Status status() {
        return mirror.relais().account().status();
    }

    private int calls() {
        return source.tokens() + source.searches() + source.details();
    }

    @Test
    void two_processes_that_are_refused_at_the_same_time_leave_one_entry_in_the_ledger() {
        for (int round = 10; round < 40; round++) {
            String credentials = "000000" + round;
            CyclicBarrier barrier = new CyclicBarrier(2);
            CompletableFuture.allOf(refusal(account(credentials), barrier), refusal(account(credentials), barrier))
                    .join();
            List<String> entries = new ArrayList<>();
            mirror.relais().ledger().read(entry -> {
                if (entry.text().contains("\"account\":\"" + credentials)) {
                    entries.add(entry.text());
                }
            });

            assertThat(entries).hasSize(1);
        }
    }

    private static CompletableFuture<Void> refusal(Account account, CyclicBarrier barrier) {
        account.requireNotSuspended();
        return CompletableFuture.runAsync(() -> {
            try {
                barrier.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IllegalStateException(e);
            }
            account.recordFailure(new SourceException.AccountRefused("no"), "Bearer x");
        });
    }

    private Account account(String credentials) {
        return new Account(
                mirror.jdbc,
                new TransactionTemplate(new JdbcTransactionManager(mirror.dataSource)),
                mirror.jdbc,
                new Ledger(mirror.jdbc, clock),
                clock,
                credentials);
    }
}
