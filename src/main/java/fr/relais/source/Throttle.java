package fr.relais.source;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The one place where calls to the source wait for their turn, in order, evenly spaced.
 *
 * <p>Camel's {@code throttle} lets a full second's calls leave in one burst and knows nothing of {@code Retry-After}; the
 * source counts strictly and punishes bursts. Spacing and pausing are one decision here: when may the next call leave.
 */
public final class Throttle {

    /** A call may be delayed on its way; without this margin the source would now and then count one call too many. */
    private static final double MARGIN = 1.02;

    private final long spacingNanos;
    private final AtomicLong calls = new AtomicLong();
    private long nextCallAt = System.nanoTime();
    private long pausedUntil = nextCallAt;

    /** @param callsPerSecond what the source allows, more than 0; infinity for no limit. */
    public Throttle(double callsPerSecond) {
        this.spacingNanos = (long) (MARGIN * TimeUnit.SECONDS.toNanos(1) / callsPerSecond);
    }

    /** Waits until the next call may leave, and counts it. */
    public void await() throws InterruptedException {
        do {
            sleepUntil(reserve());
        } while (isPaused());
        calls.incrementAndGet();
    }

    /** No call that has not left yet leaves before {@code pause} is over. */
    public synchronized void pause(Duration pause) {
        pausedUntil = Math.max(pausedUntil, System.nanoTime() + pause.toNanos());
        nextCallAt = Math.max(nextCallAt, pausedUntil);
    }

    /** Calls that left since the start of the process. */
    public long calls() {
        return calls.get();
    }

    /** A pause may have begun while its turn was awaited. */
    private synchronized boolean isPaused() {
        return pausedUntil - System.nanoTime() > 0;
    }

    private void sleepUntil(long instant) throws InterruptedException {
        for (long left = instant - System.nanoTime(); left > 0; left = instant - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while waiting to call the source");
            }
        }
    }

    private synchronized long reserve() {
        long mine = Math.max(nextCallAt, System.nanoTime());
        nextCallAt = mine + spacingNanos;
        return mine;
    }
}
