package fr.relais.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.Mirror;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.views.View;
import fr.relais.views.Views;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rate of views counted with shared commits, compared with that of one commit for each view. Both use the same
 * MariaDB with durable commits. Each caller counts one view at a time and waits for its commit.
 */
class ViewsBenchmark {

    private static final int OFFERS = 10_000;
    private static final Duration TIME = Duration.ofSeconds(20);

    @Test
    void compares_shared_commits_with_one_commit_for_each_view() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source).start()) {
            new OfferGenerator(1).fill(source.base(), OFFERS, Instant.now(), Duration.ofDays(60), "1");
            mirror.sweep();
            List<String> ids = List.copyOf(mirror.offers().keySet());
            Views views = mirror.relais().views();
            Consumer<View> sharedCommits = view -> views.count(List.of(view));
            Consumer<View> ownCommits = new OneCommitEach(mirror)::count;
            run(ids, sharedCommits, 256, Double.POSITIVE_INFINITY, Duration.ofSeconds(10));
            run(ids, ownCommits, 8, Double.POSITIVE_INFINITY, Duration.ofSeconds(5));
            long before = usedMemory();

            Rate oneCaller = run(ids, ownCommits, 1, Double.POSITIVE_INFINITY, TIME);
            Rate eightCallers = run(ids, ownCommits, 8, Double.POSITIVE_INFINITY, TIME);
            Rate shared = run(ids, sharedCommits, 256, Double.POSITIVE_INFINITY, TIME);
            Rate halfLoad = run(ids, sharedCommits, 256, shared.perSecond() / 2, TIME);

            System.out.println("A commit each, 1 caller:         " + oneCaller);
            System.out.println("A commit each, 8 callers:        " + eightCallers);
            System.out.println("Shared commits, 256 callers:     " + shared);
            System.out.printf(
                    "Ratios of shared commits:        %.1f and %.1f%n",
                    shared.perSecond() / oneCaller.perSecond(), shared.perSecond() / eightCallers.perSecond());
            System.out.println("Shared commits, half that load:  " + halfLoad);
            System.out.printf(
                    "Memory after a collection:       %d MB, %d MB before%n", usedMemory() >> 20, before >> 20);
            assertThat(shared.perSecond()).isGreaterThan(eightCallers.perSecond());
        }
    }

    private static Rate run(List<String> ids, Consumer<View> counter, int callers, double perSecond, Duration time)
            throws InterruptedException {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        long[][] latencies = new long[callers][];
        AtomicLong due = new AtomicLong();
        CountDownLatch done = new CountDownLatch(callers);
        for (int i = 0; i < callers; i++) {
            int caller = i;
            new Thread(() -> {
                        latencies[caller] = call(ids, counter, new Random(), start, end, due, perSecond);
                        done.countDown();
                    })
                    .start();
        }
        done.await();
        double seconds = (System.nanoTime() - start) / 1e9;
        return Rate.of(Arrays.stream(latencies).flatMapToLong(LongStream::of), seconds);
    }

    /**
     * Counts views until {@code end}, and returns the latency of each call in nanoseconds. A latency is measured from
     * when the call was due, so a call that starts late counts as slow.
     */
    private static long[] call(
            List<String> ids,
            Consumer<View> counter,
            Random random,
            long start,
            long end,
            AtomicLong due,
            double perSecond) {
        LongStream.Builder latencies = LongStream.builder();
        while (true) {
            long at = perSecond == Double.POSITIVE_INFINITY
                    ? System.nanoTime()
                    : start + (long) (due.getAndIncrement() * 1e9 / perSecond);
            if (at > end) {
                return latencies.build().toArray();
            }
            while (System.nanoTime() < at) {
                LockSupport.parkNanos(at - System.nanoTime());
            }
            counter.accept(new View(
                    ids.get(random.nextInt(ids.size())), Instant.now(), Long.toHexString(random.nextLong()), null));
            latencies.add(System.nanoTime() - at);
        }
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** A counter that commits the key and the count of each view in a transaction of its own. */
    private static final class OneCommitEach {

        private final JdbcClient jdbc;
        private final TransactionTemplate transaction;

        OneCommitEach(Mirror mirror) {
            jdbc = mirror.jdbc;
            transaction = new TransactionTemplate(new JdbcTransactionManager(mirror.dataSource));
        }

        void count(View view) {
            transaction.executeWithoutResult(status -> {
                jdbc.sql("insert ignore into view_key (hash, counted_at) values (unhex(md5(:key)), utc_timestamp(3))")
                        .param("key", view.key())
                        .update();
                jdbc.sql("""
                        insert into view_count (month, offer_id, views) values ('2020-01-01', :id, 1)
                        on duplicate key update views = views + 1""").param("id", view.offerId()).update();
            });
        }
    }
}
