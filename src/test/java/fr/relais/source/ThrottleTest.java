package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with a clock that moves only when the throttle waits or the test advances it. */
@Timeout(20)
class ThrottleTest {

    private final ManualTime time = new ManualTime();

    @Test
    void calls_leave_almost_evenly_spaced() throws Exception {
        Throttle throttle = throttle(20);

        List<Duration> departures = departures(throttle, 40);

        // With the margin, even spacing would be 51.5 ms. The minimum spacing is nine tenths of that.
        for (int call = 1; call < 40; call++) {
            assertThat(departures.get(call).minus(departures.get(call - 1)))
                    .isGreaterThanOrEqualTo(Duration.ofNanos(46_350_000));
        }
        assertThat(departures.get(20)).isEqualTo(Duration.ofMillis(1_030));
        assertThat(throttle.calls()).isEqualTo(40);
    }

    @Test
    void calls_after_a_late_one_leave_closer_together_but_keep_the_rate() throws Exception {
        Throttle throttle = throttle(20);
        departures(throttle, 5);
        time.lateBy = Duration.ofMillis(300);
        departures(throttle, 1);
        time.lateBy = Duration.ZERO;

        List<Duration> departures = departures(throttle, 40);

        assertThat(departures.get(1).minus(departures.get(0))).isEqualTo(Duration.ofNanos(46_350_000));
        assertAtMostInASecond(20, departures);
    }

    @Test
    void idle_time_does_not_allow_a_burst() throws Exception {
        Throttle throttle = throttle(20);
        departures(throttle, 1);
        time.pass(Duration.ofMillis(300));

        List<Duration> departures = departures(throttle, 4);

        assertThat(departures.get(0)).isEqualTo(Duration.ofMillis(300));
        for (int call = 1; call < 4; call++) {
            assertThat(departures.get(call).minus(departures.get(call - 1)))
                    .isGreaterThanOrEqualTo(Duration.ofNanos(46_350_000));
        }
    }

    @Test
    void the_first_call_leaves_at_once() throws Exception {
        assertThat(departures(throttle(0.01), 1)).containsExactly(Duration.ZERO);
    }

    @Test
    void a_rate_below_one_spaces_calls_by_more_than_a_second() throws Exception {
        assertThat(departures(throttle(0.01), 2)).containsExactly(Duration.ZERO, Duration.ofSeconds(103));
    }

    @Test
    void unlimited_calls_leave_at_once() throws Exception {
        Throttle throttle = throttle(Double.POSITIVE_INFINITY);

        assertThat(departures(throttle, 100_000)).containsOnly(Duration.ZERO);
        assertThat(throttle.calls()).isEqualTo(100_000);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1_000, Double.POSITIVE_INFINITY})
    void no_call_leaves_during_a_pause(double callsPerSecond) throws Exception {
        Throttle throttle = throttle(callsPerSecond);

        throttle.pause(Duration.ofMillis(200));

        assertThat(departures(throttle, 1)).containsExactly(Duration.ofMillis(200));
    }

    @Test
    void a_shorter_pause_does_not_end_a_longer_one() throws Exception {
        Throttle throttle = throttle(Double.POSITIVE_INFINITY);

        throttle.pause(Duration.ofMillis(200));
        throttle.pause(Duration.ZERO);

        assertThat(departures(throttle, 1)).containsExactly(Duration.ofMillis(200));
    }

    @Test
    void a_pause_also_delays_a_call_that_already_waits() throws Exception {
        Throttle throttle = throttle(2);
        departures(throttle, 1);
        time.onWait = () -> {
            time.onWait = () -> {};
            throttle.pause(Duration.ofSeconds(10));
        };

        assertThat(departures(throttle, 1)).containsExactly(Duration.ofSeconds(10));
    }

    @Test
    void a_wait_that_ends_early_is_resumed() throws Exception {
        Throttle throttle = throttle(1);
        departures(throttle, 1);
        time.onWait = () -> time.lateBy = time.waits < 3 ? Duration.ofMillis(-5) : Duration.ZERO;

        assertThat(departures(throttle, 1)).containsExactly(Duration.ofMillis(1_030));
    }

    @Test
    void the_rate_holds_when_many_threads_call() {
        Throttle throttle = throttle(40);
        List<Duration> departures = Collections.synchronizedList(new ArrayList<>());

        CompletableFuture.allOf(Stream.generate(() -> CompletableFuture.runAsync(
                                () -> departures.addAll(departures(throttle, 10)), task -> new Thread(task).start()))
                        .limit(8)
                        .toArray(CompletableFuture[]::new))
                .join();

        Collections.sort(departures);
        assertThat(departures).hasSize(80);
        assertAtMostInASecond(40, departures);
    }

    @Test
    void an_interrupted_thread_stops_waiting_and_its_call_is_not_counted() throws Exception {
        Throttle throttle = throttle(0.01);
        departures(throttle, 1);
        time.onWait = () -> Thread.currentThread().interrupt();

        assertThatThrownBy(throttle::awaitTurn).isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isFalse();
        assertThat(throttle.calls()).isEqualTo(1);
        time.onWait = () -> {};
        assertThat(departures(throttle, 1)).as("the next call").hasSize(1);
    }

    /** The only test with the real clock. It checks a lower bound, which a delay of the machine cannot violate. */
    @Test
    void a_throttle_waits_with_the_real_clock() throws Exception {
        Throttle throttle = new Throttle(20);
        long start = System.nanoTime();

        throttle.awaitTurn();
        throttle.awaitTurn();

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(46));
    }

    private Throttle throttle(double callsPerSecond) {
        return new Throttle(callsPerSecond, time::now, time::await);
    }

    /** Makes calls and returns when each of them left. */
    private List<Duration> departures(Throttle throttle, int calls) {
        List<Duration> departures = new ArrayList<>();
        for (int call = 0; call < calls; call++) {
            try {
                throttle.awaitTurn();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            departures.add(time.lastDeparture());
        }
        return departures;
    }

    private static void assertAtMostInASecond(int calls, List<Duration> departures) {
        for (Duration from : departures) {
            assertThat(departures.stream()
                            .filter(at -> at.compareTo(from) >= 0 && at.compareTo(from.plusSeconds(1)) < 0))
                    .as("calls in the second from " + from)
                    .hasSizeLessThanOrEqualTo(calls);
        }
    }

    /** A clock that starts shortly before its nanoseconds overflow, as may happen with the real clock. */
    private static final class ManualTime {

        private static final long START = Long.MAX_VALUE - 1_000_000;

        /** The time that each thread read last, which is when its call left. */
        private final ThreadLocal<Long> lastRead = new ThreadLocal<>();

        private long now = START;
        private Duration lateBy = Duration.ZERO;
        private Runnable onWait = () -> {};
        private int waits;

        synchronized long now() {
            lastRead.set(now);
            return now;
        }

        synchronized void await(long nanos) {
            waits++;
            onWait.run();
            now += nanos + lateBy.toNanos();
        }

        synchronized void pass(Duration duration) {
            now += duration.toNanos();
        }

        Duration lastDeparture() {
            return Duration.ofNanos(lastRead.get() - START);
        }
    }
}
