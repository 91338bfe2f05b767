package fr.relais.benchmark;

import java.util.stream.LongStream;

/**
 * The throughput and the latency of a run.
 *
 * @param perSecond the calls that were answered per second
 * @param p50 the median latency, in nanoseconds
 * @param p99 the 99th percentile of the latencies, in nanoseconds
 */
record Rate(double perSecond, long p50, long p99) {

    /**
     * Summarizes a run.
     *
     * @param latencies the latency of each call in nanoseconds; at least one
     * @param seconds the duration of the run
     */
    static Rate of(LongStream latencies, double seconds) {
        long[] sorted = latencies.sorted().toArray();
        return new Rate(sorted.length / seconds, sorted[sorted.length / 2], sorted[sorted.length * 99 / 100]);
    }

    @Override
    public String toString() {
        return "%.0f/s, median %.1f ms, p99 %.1f ms".formatted(perSecond, p50 / 1e6, p99 / 1e6);
    }
}
