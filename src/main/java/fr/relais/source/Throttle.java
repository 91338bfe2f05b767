package fr.relais.source;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The one place where calls to the source wait for their turn, in order and almost evenly spaced.
 *
 * <p>Camel's {@code throttle} lets a full second's calls leave in one burst and knows nothing of {@code Retry-After}; the
 * source counts strictly and punishes bursts. Spacing and pausing are one decision here: when may the next call leave. It goes by when
 * calls really left: a thread that wakes late must not make the next ones too many in a second.
 */
public final class Throttle {

    /** A call may be delayed on its way; without this margin the source would now and then count one call too many. */
    private static final double MARGIN = 1.03;

    /** What was lost by waking late may be made up for by calls this much closer than evenly spaced. */
    private static final double CLOSEST = 0.9;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicLong calls = new AtomicLong();
    /** When the last calls left, as many as the source allows in {@link #period}; a ring. */
    private final long[] departures;

    private final LongSupplier nanoTime;
    private final LongConsumer waiter;
    private final long period;
    private final long spacing;
    private int next;
    private long last;
    private volatile long pausedUntil;

    /** @param callsPerSecond what the source allows, more than 0; infinity for no limit. */
    public Throttle(double callsPerSecond) {
        this(callsPerSecond, System::nanoTime, LockSupport::parkNanos);
    }

    /**
     * @param nanoTime the time, in nanoseconds since any moment
     * @param waiter waits for about as many nanoseconds as it is given; may return early, and does when interrupted
     */
    Throttle(double callsPerSecond, LongSupplier nanoTime, LongConsumer waiter) {
        this.nanoTime = nanoTime;
        this.waiter = waiter;
        boolean limited = callsPerSecond < Double.POSITIVE_INFINITY;
        departures = new long[limited ? Math.max(1, (int) callsPerSecond) : 1];
        period = (long) (MARGIN * TimeUnit.SECONDS.toNanos(1) * departures.length / callsPerSecond);
        spacing = (long) (CLOSEST * period / departures.length);
        pausedUntil = nanoTime.getAsLong();
        last = pausedUntil - period;
        Arrays.fill(departures, last);
    }

    /** Waits until the next call may leave, and counts it. */
    public void awaitTurn() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            long now = nanoTime.getAsLong();
            for (long left = left(now); left > 0; left = left(now)) {
                waiter.accept(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while waiting to call the source");
                }
                now = nanoTime.getAsLong();
            }
            departures[next] = now;
            next = (next + 1) % departures.length;
            last = now;
        } finally {
            turn.unlock();
        }
        calls.incrementAndGet();
    }

    /** No call that has not left yet leaves before {@code pause} is over. */
    public synchronized void pause(Duration pause) {
        long until = nanoTime.getAsLong() + pause.toNanos();
        if (until - pausedUntil > 0) {
            pausedUntil = until;
        }
    }

    /** Calls that left since the start of the process. */
    public long calls() {
        return calls.get();
    }

    private long left(long now) {
        return Math.max(pausedUntil - now, Math.max(departures[next] + period - now, last + spacing - now));
    }
}
