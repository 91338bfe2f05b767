package fr.relais.web;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A value that is cached for one second; one thread refreshes it for all callers. A failure is cached too. While one
 * thread tries again, the others get that failure at once; otherwise requests would queue up while the database is
 * down.
 */
public final class CachedValue<T> {

    private static final long MAX_AGE = Duration.ofSeconds(1).toNanos();

    private final Supplier<T> source;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Entry<T> latest;

    private record Entry<T>(T value, RuntimeException failure, long at) {

        boolean isFresh() {
            return System.nanoTime() - at < MAX_AGE;
        }

        T get() {
            if (failure != null) {
                throw failure;
            }
            return value;
        }
    }

    public CachedValue(Supplier<T> source) {
        this.source = source;
    }

    /**
     * Returns a value that is at most one second old.
     *
     * @throws RuntimeException the source's failure, cached or new
     */
    public T get() {
        Entry<T> known = latest;
        if (known != null && known.isFresh()) {
            return known.get();
        }
        if (known != null && known.failure != null) {
            if (!refreshing.tryLock()) {
                return known.get();
            }
        } else {
            refreshing.lock();
        }
        try {
            if (latest == null || !latest.isFresh()) {
                latest = refresh();
            }
            return latest.get();
        } finally {
            refreshing.unlock();
        }
    }

    private Entry<T> refresh() {
        try {
            return new Entry<>(source.get(), null, System.nanoTime());
        } catch (RuntimeException e) {
            return new Entry<>(null, e, System.nanoTime());
        }
    }
}
