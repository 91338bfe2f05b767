package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import fr.relais.CrashPoints.Moment;
import fr.relais.MirrorProcess.Crash;
import fr.relais.MirrorProcess.Work;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.Reply;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.simulator.Truth;
import fr.relais.sweep.Sweep;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.sweep.Sweeps;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.dao.DataAccessException;

/** Two processes on one database. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class TakeoverIT {

    private SourceSimulator source;
    private Mirror mirror;
    private Sweep takenOver;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 40, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source)
                .with("relais.source.page-size", "5")
                .with("relais.source.window", "15")
                .with("relais.source.timeout", "300000")
                .start();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void only_one_process_sweeps() throws Exception {
        HeldAnswers held = new HeldAnswers(1);
        source.onCall(held);
        try (MirrorProcess other = MirrorProcess.start(mirror, Crash.NONE, Work.SWEEP)) {
            held.awaitFirst();

            // This call waits for longer than the lifetime of the lease, to see that the other process renews it.
            assertThat(mirror.sweep()).isNull();

            held.release();
            assertThat(other.awaitEnd()).as(other.output()).isZero();
            assertThat(other.output()).endsWith("proved\n");
        }
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
    }

    @Test
    void a_process_paused_within_a_page_does_not_write_the_page() throws Exception {
        HeldAnswers held = new HeldAnswers(7);
        source.onCall(held);
        try (MirrorProcess other = MirrorProcess.start(mirror, Crash.NONE, Work.SWEEP)) {
            held.awaitFirst();
            stopBetweenTransactions(other);
            held.stopHolding();
            change();
            expireLease();

            assertThat(mirror.sweep().id()).as("the resumed sweep").isEqualTo(1);
            // Slices that were proved before the change are not read again until the next sweep.
            assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
            assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));

            other.signal("CONT");
            held.release();

            assertThat(other.awaitEnd()).as(other.output()).isEqualTo(1);
            assertThat(other.output()).contains("another process has taken over");
        }
        assertThat(mirror.jdbc
                        .sql("select count(*) from sighting")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
    }

    @Test
    void a_process_paused_with_a_slice_does_not_write_the_slice() throws Exception {
        try (MirrorProcess other = stoppedBefore("relais-to-slices")) {
            takeOver();

            other.signal("CONT");

            assertThat(other.awaitEnd()).as(other.output()).isEqualTo(1);
            assertThat(mirror.offers()).isEmpty();
        }
        resumeSweep();
    }

    @Test
    void a_process_paused_with_an_answer_about_an_offer_does_not_record_the_answer() throws Exception {
        mirror.sweep();
        source.base().remove(mirror.offers().keySet().iterator().next());
        try (MirrorProcess other = stoppedBefore("update removal")) {
            takeOver();

            other.signal("CONT");

            assertThat(other.awaitEnd()).as(other.output()).isEqualTo(1);
            assertThat(mirror.jdbc
                            .sql("select outcome from removal")
                            .query(String.class)
                            .single())
                    .isEqualTo("pending");
        }
        resumeSweep();
    }

    private MirrorProcess stoppedBefore(String point) {
        Crash crash = new Crash("STOP", Moment.BEFORE, 1, point);
        MirrorProcess other = MirrorProcess.start(mirror, crash, Work.SWEEP);
        await().atMost(Duration.ofSeconds(60)).until(other::isStopped);
        return other;
    }

    /**
     * Stops the process outside a transaction. Inside one, the stopped process would keep the lease locked until the
     * server ends the transaction.
     */
    private void stopBetweenTransactions(MirrorProcess other) {
        await().until(() -> {
            other.signal("STOP");
            await().until(other::isStopped);
            boolean between = mirror.jdbc
                    .sql("""
                            select count(*) from information_schema.innodb_trx t
                            join information_schema.processlist p on p.id = t.trx_mysql_thread_id
                            where p.db = database() and p.user = :user""")
                    .param("user", MirrorProcess.USER)
                    .query(Boolean.class)
                    .single()
                    .equals(false);
            if (!between) {
                other.signal("CONT");
            }
            return between;
        });
    }

    /** Changes the source, so that what the stopped process has read is out of date. */
    private void change() {
        OfferGenerator generator = new OfferGenerator(2);
        List<String> ids = List.copyOf(source.base().ids());
        ids.forEach(id -> source.base().change(id, generator::change));
        ids.subList(0, 10).forEach(source.base()::remove);
    }

    /** Expires the lease, which would otherwise last for 30 seconds. */
    private void expireLease() {
        // The other worker of the stopped process may hold a lock on the row. The server ends that transaction after a
        // minute.
        await().atMost(Duration.ofMinutes(2))
                .ignoreExceptionsInstanceOf(DataAccessException.class)
                .until(() -> mirror.jdbc
                                .sql("update lease set expires_at = '2000-01-01' where name = 'sweep'")
                                .update()
                        == 1);
    }

    private void takeOver() throws InterruptedException {
        expireLease();
        takenOver = mirror.bean(Sweeps.class).open();
        assertThat(takenOver.id()).isEqualTo(sweepCount());
    }

    private void resumeSweep() {
        mirror.bean(Sweeps.class).releaseLease(takenOver);
        long lastSweep = sweepCount();
        SweepSummary summary = mirror.sweep();
        assertThat(summary.id()).isEqualTo(lastSweep);
        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source, "1"));
    }

    private long sweepCount() {
        return mirror.jdbc.sql("select count(*) from sweep").query(Long.class).single();
    }

    /** A fault that, from the given search on, creates each answer at once but sends it only when released. */
    private static final class HeldAnswers implements Fault {

        private final int from;
        private final AtomicInteger searches = new AtomicInteger();
        private final CountDownLatch first = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile boolean holding = true;

        HeldAnswers(int from) {
            this.from = from;
        }

        @Override
        public boolean answer(HttpExchange exchange, Call call) {
            return false;
        }

        @Override
        public Reply reply(Call call, Truth truth) {
            Answer answer = truth.answer(call);
            if (!holding || call.kind() != Call.Kind.SEARCH || searches.incrementAndGet() < from) {
                return answer;
            }
            first.countDown();
            return exchange -> {
                try {
                    released.await(120, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                answer.sendTo(exchange);
            };
        }

        void awaitFirst() throws InterruptedException {
            assertThat(first.await(60, TimeUnit.SECONDS)).isTrue();
        }

        void stopHolding() {
            holding = false;
        }

        void release() {
            released.countDown();
        }
    }
}
