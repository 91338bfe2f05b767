package fr.relais.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** A bucket that holds the calls of one second and refills evenly. While it is empty, calls are answered with 429. */
final class RateLimit {

    /** The suffix of the gateway's header names. It depends on the account. */
    private static final String LIMIT_NAME = "Offresdemploiv2";

    private final int callsPerSecond;
    private final Clock clock;
    private double left;
    private Instant filledAt;

    RateLimit(int callsPerSecond, Clock clock) {
        this.callsPerSecond = callsPerSecond;
        this.clock = clock;
        this.left = callsPerSecond;
        this.filledAt = clock.instant();
    }

    /** Makes the call if one is left; otherwise refuses it. The headers of the answer show how many calls are left. */
    Answer admit(Supplier<Answer> call) {
        double available = take();
        boolean admitted = available >= 1;
        Answer answer = admitted ? call.get() : refusal(available);
        return answer.with("X-Ratelimit-Remaining-" + LIMIT_NAME, String.valueOf(admitted ? (int) available - 1 : 0))
                .with("X-Ratelimit-Burst-Capacity-" + LIMIT_NAME, String.valueOf(callsPerSecond))
                .with("X-Ratelimit-Replenish-Rate-" + LIMIT_NAME, String.valueOf(callsPerSecond));
    }

    private Answer refusal(double available) {
        long secondsToNext = Math.max(1, (long) Math.ceil((1 - available) / callsPerSecond));
        return Answer.of(429, "text/plain", "Too Many Requests").with("Retry-After", String.valueOf(secondsToNext));
    }

    /** Takes one call if one is left. Returns how many calls were left before. */
    private synchronized double take() {
        Instant now = clock.instant();
        double refill = Duration.between(filledAt, now).toNanos() / 1e9 * callsPerSecond;
        filledAt = now;
        left = Math.min(callsPerSecond, left + Math.max(0, refill));
        double available = left;
        if (available >= 1) {
            left--;
        }
        return available;
    }
}
