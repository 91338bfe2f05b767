package fr.relais.web.console;

import com.github.benmanes.caffeine.cache.AsyncLoadingCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Values that take too long for a request, and for the connections of the web. They are computed in the background and
 * kept for up to a minute.
 */
final class SlowValues<K, V> {

    /** How long a page waits for a value. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(1);

    private static final int MAX_VALUES = 20;

    private final AsyncLoadingCache<K, V> values;

    SlowValues(Function<K, V> load) {
        this.values = Caffeine.newBuilder()
                .maximumSize(MAX_VALUES)
                .refreshAfterWrite(Duration.ofSeconds(5))
                .expireAfterWrite(Duration.ofMinutes(1))
                .buildAsync(key -> loadIfPossible(load, key));
    }

    /** Returns null after a failure. Caffeine would log an exception with its text, which may quote an offer. */
    private static <K, V> V loadIfPossible(Function<K, V> load, K key) {
        try {
            return load.apply(key);
        } catch (RuntimeException e) {
            return null;
        }
    }

    /** Returns a value, up to a minute old; empty when it is not known in time. */
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
