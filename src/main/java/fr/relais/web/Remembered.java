package fr.relais.web;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * What every page asks for and what seldom changes: asked again when it is a second old, by one for all that wait. That it could not be found out is remembered
 * too, and nobody waits for whoever tries again: else visitors would queue up while the database is away.
 */
public final class Remembered<T> {

    private static final long MOST = Duration.ofSeconds(1).toNanos();

    private final Supplier<T> source;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile Reading<T> last;

    private record Reading<T>(T value, RuntimeException failure, long at) {

        boolean isFresh() {
            return System.nanoTime() - at < MOST;
        }

        T get() {
            if (failure != null) {
                throw failure;
            }
            return value;
        }
    }

    public Remembered(Supplier<T> source) {
        this.source = source;
    }

    /**
     * At most a second old.
     *
     * @throws RuntimeException what the source threw a second ago at most, or when it was asked last and is being asked again
     */
    public T get() {
        Reading<T> known = last;
        if (known != null && known.isFresh()) {
            return known.get();
        }
        if (known != null && known.failure != null) {
            if (!asking.tryLock()) {
                return known.get();
            }
        } else {
            asking.lock();
        }
        try {
            if (last == null || !last.isFresh()) {
                last = ask();
            }
            return last.get();
        } finally {
            asking.unlock();
        }
    }

    private Reading<T> ask() {
        try {
            return new Reading<>(source.get(), null, System.nanoTime());
        } catch (RuntimeException e) {
            return new Reading<>(null, e, System.nanoTime());
        }
    }
}
