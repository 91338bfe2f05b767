package fr.relais.web;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.time.Duration;
import java.util.function.Supplier;

/** What every page asks for and what seldom changes: asked again when it is a second old, by one for all that wait. */
final class Remembered<T> {

    private static final String ALL = "";

    private final LoadingCache<String, T> last;

    Remembered(Supplier<T> source) {
        last = Caffeine.newBuilder().expireAfterWrite(Duration.ofSeconds(1)).build(key -> source.get());
    }

    /** At most a second old. */
    T get() {
        return last.get(ALL);
    }
}
