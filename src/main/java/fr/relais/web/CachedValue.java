package fr.relais.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.springframework.dao.QueryTimeoutException;

/**
 * A value that is cached for a short time; one thread refreshes it for all callers. A failure is cached for one second.
 * While one thread tries again, the others get that failure at once. Otherwise, requests would queue up while the
 * database is down.
 */
public final class CachedValue<T> {

    private static final Duration ONE_SECOND = Duration.ofSeconds(1);

    /** How long a caller waits for the thread that refreshes the value. */
    private static final Duration MAX_WAIT = Duration.ofMillis(1_500);

    private final Supplier<T> source;
    private final long maxAge;
    private final long maxWait;
    private final ReentrantLock refreshing = new ReentrantLock();
    private volatile Entry<T> latest;

    private record Entry<T>(T value, RuntimeException failure, long expiresAt) {

        boolean isFresh() {
            return System.nanoTime() - expiresAt < 0;
        }

        T get() {
            if (failure != null) {
                throw failure;
            }
            return value;
        }
    }

    /** Creates a cache for one second. */
    public CachedValue(Supplier<T> source) {
        this(source, ONE_SECOND);
    }

    /** @param maxAge how long a value is cached */
    public CachedValue(Supplier<T> source, Duration maxAge) {
        this(source, maxAge, MAX_WAIT);
    }

    CachedValue(Supplier<T> source, Duration maxAge, Duration maxWait) {
        this.source = source;
        this.maxAge = maxAge.toNanos();
        this.maxWait = maxWait.toNanos();
    }

    /**
     * Returns a value that is not older than the maximum age.
     *
     * @throws QueryTimeoutException when another thread takes too long to refresh the value
     * @throws RuntimeException the source's failure, cached or new
     */
    public T get() {
        Entry<T> known = latest;
        if (known != null && known.isFresh()) {
            return known.get();
        }
        boolean hasFailed = known != null && known.failure != null;
        if (!tryLock(hasFailed ? 0 : maxWait)) {
            throw hasFailed ? known.failure : new QueryTimeoutException("the value was not refreshed in time");
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

    private boolean tryLock(long nanos) {
        try {
            return nanos == 0 ? refreshing.tryLock() : refreshing.tryLock(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Entry<T> refresh() {
        try {
            T value = source.get();
            return new Entry<>(value, null, System.nanoTime() + maxAge);
        } catch (RuntimeException e) {
            return new Entry<>(null, e, System.nanoTime() + ONE_SECOND.toNanos());
        }
    }
}
