package fr.relais.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** A bucket that holds one second's calls and refills evenly: who finds it empty gets 429. */
final class RateLimit {

    /** What the gateway appends to its header names; it depends on the account. */
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

    /** Makes the call if there is one left, refuses it otherwise; either answer says how many are left. */
    Answer admit(Supplier<Answer> call) {
        double found = take();
        boolean admitted = found >= 1;
        Answer answer = admitted ? call.get() : refusal(found);
        return answer.with("X-Ratelimit-Remaining-" + LIMIT_NAME, String.valueOf(admitted ? (int) found - 1 : 0))
                .with("X-Ratelimit-Burst-Capacity-" + LIMIT_NAME, String.valueOf(callsPerSecond))
                .with("X-Ratelimit-Replenish-Rate-" + LIMIT_NAME, String.valueOf(callsPerSecond));
    }

    private Answer refusal(double found) {
        long secondsToNext = Math.max(1, (long) Math.ceil((1 - found) / callsPerSecond));
        return Answer.of(429, "text/plain", "Too Many Requests").with("Retry-After", String.valueOf(secondsToNext));
    }

    /** Takes a call if one is left, and returns how many there were. */
    private synchronized double take() {
        Instant now = clock.instant();
        double refill = Duration.between(filledAt, now).toNanos() / 1e9 * callsPerSecond;
        filledAt = now;
        left = Math.min(callsPerSecond, left + Math.max(0, refill));
        double found = left;
        if (found >= 1) {
            left--;
        }
        return found;
    }
}
