package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Times are compared with lower bounds, which no delay of the machine can break; upper bounds are far away.
 */
@Timeout(20)
class ThrottleTest {

    private final long startedAt = System.nanoTime();

    @Test
    void letsCallsLeaveAlmostEvenlySpaced() throws Exception {
        Throttle throttle = new Throttle(20);

        for (int call = 0; call < 10; call++) {
            throttle.awaitTurn();
            assertThat(sinceStart()).isGreaterThanOrEqualTo(Duration.ofMillis(45L * call));
        }

        assertThat(sinceStart()).isLessThan(Duration.ofSeconds(5));
        assertThat(throttle.calls()).isEqualTo(10);
    }

    @Test
    void doesNotMakeUpForIdleTimeWithABurst() throws Exception {
        Throttle throttle = new Throttle(20);
        throttle.awaitTurn();
        spinUntil(() -> sinceStart().toMillis() > 300);

        for (int call = 0; call < 4; call++) {
            throttle.awaitTurn();
            assertThat(sinceStart()).isGreaterThanOrEqualTo(Duration.ofMillis(300 + 45L * call));
        }
    }

    @Test
    void doesNotHoldBackTheFirstCall() throws Exception {
        new Throttle(0.01).awaitTurn();

        assertThat(sinceStart()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void letsUnlimitedCallsLeaveAtOnce() throws Exception {
        Throttle throttle = new Throttle(Double.POSITIVE_INFINITY);

        for (int call = 0; call < 100_000; call++) {
            throttle.awaitTurn();
        }

        assertThat(sinceStart()).isLessThan(Duration.ofSeconds(5));
        assertThat(throttle.calls()).isEqualTo(100_000);
    }

    @Test
    void letsNoCallLeaveDuringAPause() throws Exception {
        for (double callsPerSecond : List.of(1_000.0, Double.POSITIVE_INFINITY)) {
            Throttle throttle = new Throttle(callsPerSecond);
            long pausedAt = System.nanoTime();

            throttle.pause(Duration.ofMillis(200));
            throttle.awaitTurn();

            assertThat(System.nanoTime() - pausedAt).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    @Test
    void doesNotCutAPauseShortForAShorterOne() throws Exception {
        Throttle throttle = new Throttle(Double.POSITIVE_INFINITY);

        throttle.pause(Duration.ofMillis(200));
        throttle.pause(Duration.ZERO);
        throttle.awaitTurn();

        assertThat(sinceStart()).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void holdsBackCallsThatWaitAlreadyWhenAPauseBegins() throws Exception {
        Throttle throttle = new Throttle(2);
        throttle.awaitTurn();
        CompletableFuture<Long> leftAt = new CompletableFuture<>();
        Thread waiting = start(throttle, leftAt);
        spinUntil(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        long pausedAt = System.nanoTime();
        throttle.pause(Duration.ofSeconds(1));

        assertThat(Duration.ofNanos(leftAt.get() - pausedAt)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void keepsTheRateHoweverManyThreadsCall() {
        int rate = 40;
        Throttle throttle = new Throttle(rate);
        List<Long> departures = Collections.synchronizedList(new ArrayList<>());

        callFromEightThreads(throttle, () -> departures.add(System.nanoTime()));

        Collections.sort(departures);
        assertThat(departures).hasSize(80);
        for (int i = 0; i < departures.size(); i++) {
            long from = departures.get(i);
            assertThat(departures.stream().filter(at -> at >= from && at < from + TimeUnit.SECONDS.toNanos(1)))
                    .as("calls within a second; their times are taken a little after they leave")
                    .hasSizeLessThanOrEqualTo(rate + 2);
        }
    }

    @Test
    void endsTheWaitOfAnInterruptedThreadWithoutCountingItsCall() throws Exception {
        Throttle throttle = new Throttle(0.01);
        throttle.awaitTurn();

        Thread.currentThread().interrupt();

        assertThatThrownBy(throttle::awaitTurn).isInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(throttle.calls()).isEqualTo(1);
    }

    private Duration sinceStart() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private static void callFromEightThreads(Throttle throttle, Runnable afterEach) {
        CompletableFuture<?>[] threads = new CompletableFuture<?>[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = CompletableFuture.runAsync(
                    () -> {
                        for (int call = 0; call < 10; call++) {
                            await(throttle);
                            afterEach.run();
                        }
                    },
                    task -> new Thread(task).start());
        }
        CompletableFuture.allOf(threads).join();
    }

    private static Thread start(Throttle throttle, CompletableFuture<Long> leftAt) {
        Thread thread = new Thread(() -> {
            await(throttle);
            leftAt.complete(System.nanoTime());
        });
        thread.start();
        return thread;
    }

    private static void await(Throttle throttle) {
        try {
            throttle.awaitTurn();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void spinUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }
}
