package fr.relais.web.console;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Values that take too long for a request, and for the connections of the web. They are computed in the background, one
 * at a time, and at most once a minute: a page that stays open asks for them every few seconds.
 */
final class SlowValues<K, V> {

    /** How long a page waits for a value. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private static final int MAX_VALUES = 20;

    private final AsyncLoadingCache<K, V> values;

    SlowValues(Function<K, V> load) {
        this.values = Caffeine.newBuilder()
                .maximumSize(MAX_VALUES)
                .refreshAfterWrite(Duration.ofMinutes(1))
                .expireAfterWrite(Duration.ofMinutes(5))
                .executor(oneThread())
                .buildAsync(key -> loadIfPossible(load, key));
    }

    /** Returns a thread that ends when it has nothing to do. */
    private static Executor oneThread() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "relais-console-values");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Returns null after a failure. Caffeine would log an exception with its text, which may quote an offer. */
    private static <K, V> V loadIfPossible(Function<K, V> load, K key) {
        try {
            return load.apply(key);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Returns a value, up to five minutes old; empty when it is not known in time. */
    Optional<V> get(K key) {
        try {
            return Optional.ofNullable(values.get(key).get(MAX_WAIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | ExecutionException e) {
            // The page says that the value is not known yet.
        }
        return Optional.empty();
    }

    /** Forgets a value, because an action has changed it. */
    void forget(K key) {
        values.synchronous().invalidate(key);
    }
}
