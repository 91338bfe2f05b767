package fr.relais.benchmark;

import java.util.stream.LongStream;

/**
 * How many calls were answered in a second, and after how long.
 *
 * @param p50 median, in nanoseconds
 * @param p99 99th percentile, in nanoseconds
 */
record Rate(double perSecond, long p50, long p99) {

    /** @param latencies in nanoseconds, at least one */
    static Rate of(LongStream latencies, double seconds) {
        long[] sorted = latencies.sorted().toArray();
        return new Rate(sorted.length / seconds, sorted[sorted.length / 2], sorted[sorted.length * 99 / 100]);
    }

    @Override
    public String toString() {
        return "%.0f/s, median %.1f ms, p99 %.1f ms".formatted(perSecond, p50 / 1e6, p99 / 1e6);
    }
}
