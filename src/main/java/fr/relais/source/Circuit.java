package fr.relais.source;

import fr.relais.failure.Failures;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/**
 * The circuit breaker for calls to the source. When half of the last calls have failed, no call is made for a while;
 * then one probe at a time finds out whether the source has recovered. Deliberate answers (429, 400, 401, 403) do not
 * count as failures, because they show that the source works.
 */
public final class Circuit {

    /** The number of most recent calls that the failure rate is computed from. */
    private static final int WINDOW_SIZE = 20;

    /** The minimum number of calls that a failure rate is computed from. */
    private static final int MIN_CALLS = 10;

    private final CircuitBreaker breaker;
    private volatile String lastFailure = "";

    /**
     * @param retryDelay the shortest delay before a retry; the circuit stays open for 10 times as long at first, later
     *     for up to 120 times as long
     */
    public Circuit(Duration retryDelay, Clock clock) {
        breaker = CircuitBreaker.of(
                "source",
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .slidingWindowSize(WINDOW_SIZE)
                        .minimumNumberOfCalls(MIN_CALLS)
                        .failureRateThreshold(50)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        // If a probe never ends, another one is made.
                        .maxWaitDurationInHalfOpenState(Duration.ofMinutes(15))
                        .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(
                                retryDelay.multipliedBy(10), 2, retryDelay.multipliedBy(120)))
                        .recordException(Circuit::isOutage)
                        .build());
    }

    /**
     * Makes sure that a call to the source may be made. The caller must report the result of the call with {@link
     * #recordSuccess} or {@link #recordFailure}.
     *
     * @throws SourceException.Unavailable when the circuit is open, or another call is the probe
     */
    public void requireClosed() {
        if (!breaker.tryAcquirePermission()) {
            throw new SourceException.Unavailable(
                    "the source keeps failing (" + lastFailure + "), so this call was not made");
        }
    }

    /** Records that the call brought data. */
    public void recordSuccess() {
        breaker.onSuccess(0, breaker.getTimestampUnit());
    }

    /**
     * Records that the call failed for any reason. An interrupted call does not count.
     *
     * @param ignore whether the failure does not count, because it may concern one offer only; null means false
     */
    public void recordFailure(Throwable cause, Boolean ignore) {
        if (isOutage(cause)) {
            lastFailure = cause instanceof SourceException
                    ? cause.getMessage()
                    : cause.getClass().getSimpleName();
        }
        if (cause instanceof InterruptedException || Boolean.TRUE.equals(ignore)) {
            breaker.releasePermission();
        } else {
            breaker.onError(0, breaker.getTimestampUnit(), cause);
        }
    }

    private static boolean isOutage(Throwable failure) {
        return Failures.causes(failure)
                .anyMatch(cause -> cause instanceof SourceException.Unavailable || cause instanceof IOException);
    }
}
