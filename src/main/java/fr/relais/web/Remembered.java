package fr.relais.web;

import java.time.Duration;
import java.util.function.Supplier;

/** What every page asks for and what seldom changes: asked again when it is a second old. */
final class Remembered<T> {

    private static final long LONGEST = Duration.ofSeconds(1).toNanos();

    private final Supplier<T> source;
    private volatile Reading<T> last;

    private record Reading<T>(T value, long at) {}

    Remembered(Supplier<T> source) {
        this.source = source;
    }

    /** At most a second old. */
    T get() {
        Reading<T> reading = last;
        return isRecent(reading) ? reading.value : ask();
    }

    /** One asks for all that wait. */
    private synchronized T ask() {
        if (!isRecent(last)) {
            last = new Reading<>(source.get(), System.nanoTime());
        }
        return last.value;
    }

    private static boolean isRecent(Reading<?> reading) {
        return reading != null && System.nanoTime() - reading.at <= LONGEST;
    }
}
