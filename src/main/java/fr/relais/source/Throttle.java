package fr.relais.source;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * A rate limiter for calls to the source. All calls wait here for their turn, in order and almost evenly spaced.
 *
 * <p>Camel's {@code throttle} allows all calls of a second in one burst and ignores {@code Retry-After}, but the source
 * counts strictly and refuses bursts. So this class decides on spacing and pauses together. It computes the next turn
 * from the times at which calls really left; otherwise a thread that wakes late could cause too many calls in a second.
 */
public final class Throttle {

    /** Lengthens the period: the network may delay a call, so the source could otherwise count one call too many. */
    private static final double MARGIN = 1.03;

    /** Shortens the even spacing to the minimum spacing, so that calls can make up for a thread that woke late. */
    private static final double MIN_SPACING_FACTOR = 0.9;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final AtomicLong calls = new AtomicLong();
    private final LongAdder waitedNanos = new LongAdder();
    /** A ring buffer of the times at which calls left, as many as the source allows in {@link #period}. */
    private final long[] departures;

    private final LongSupplier nanoTime;
    private final LongConsumer waiter;
    private final long period;
    private final long minSpacing;
    private int next;
    private long lastDeparture;
    private volatile long pausedUntil;
    private volatile boolean stopped;
    private volatile Thread waiting;

    /** @param callsPerSecond the rate that the source allows, more than 0; infinity for no limit */
    public Throttle(double callsPerSecond) {
        this(callsPerSecond, System::nanoTime, LockSupport::parkNanos);
    }

    /**
     * @param nanoTime the time in nanoseconds since an arbitrary moment
     * @param waiter waits for about the given number of nanoseconds; may return early, and does when interrupted
     */
    Throttle(double callsPerSecond, LongSupplier nanoTime, LongConsumer waiter) {
        this.nanoTime = nanoTime;
        this.waiter = waiter;
        boolean limited = callsPerSecond < Double.POSITIVE_INFINITY;
        departures = new long[limited ? Math.max(1, (int) callsPerSecond) : 1];
        period = (long) (MARGIN * TimeUnit.SECONDS.toNanos(1) * departures.length / callsPerSecond);
        minSpacing = (long) (MIN_SPACING_FACTOR * period / departures.length);
        pausedUntil = nanoTime.getAsLong();
        lastDeparture = pausedUntil - period;
        Arrays.fill(departures, lastDeparture);
    }

    /**
     * Waits until this call may leave, and counts it.
     *
     * @throws InterruptedException when the thread is interrupted
     * @throws SourceException.Stopped when the throttle is stopped
     */
    public void awaitTurn() throws InterruptedException {
        long start = nanoTime.getAsLong();
        turn.lockInterruptibly();
        try {
            waiting = Thread.currentThread();
            long now = nanoTime.getAsLong();
            requireRunning();
            for (long wait = remainingWait(now); wait > 0; wait = remainingWait(now)) {
                waiter.accept(wait);
                requireRunning();
                now = nanoTime.getAsLong();
            }
            departures[next] = now;
            next = (next + 1) % departures.length;
            lastDeparture = now;
            waitedNanos.add(now - start);
        } finally {
            turn.unlock();
        }
        calls.incrementAndGet();
    }

    /** Lets no further call leave, because the pipeline is stopping. Calls that wait for their turn fail. */
    public void stop() {
        stopped = true;
        LockSupport.unpark(waiting);
    }

    /** Whether the throttle is stopped. */
    public boolean isStopped() {
        return stopped;
    }

    /** Lets no further call leave before {@code pause} is over. A shorter pause does not end a longer one. */
    public synchronized void pause(Duration pause) {
        long until = nanoTime.getAsLong() + pause.toNanos();
        if (until - pausedUntil > 0) {
            pausedUntil = until;
        }
    }

    /** Returns the number of calls that left since the start of the process. */
    public long calls() {
        return calls.get();
    }

    /** Returns the time that these calls have waited for their turn, together. */
    public Duration waited() {
        return Duration.ofNanos(waitedNanos.sum());
    }

    private void requireRunning() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted while waiting to call the source");
        }
        if (stopped) {
            throw new SourceException.Stopped();
        }
    }

    private long remainingWait(long now) {
        return Math.max(pausedUntil - now, Math.max(departures[next] + period - now, lastDeparture + minSpacing - now));
    }
}
