package fr.relais.source;

import fr.relais.failure.Failures;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/**
 * Keeps calls from a source that is dead: when most of the last ones failed no more leave, but one now and then to see whether it is
 * back. What the source answers on purpose (429, 400, 401, 403) shows that it lives.
 */
public final class Circuit {

    /** Of so many calls, half must have failed. */
    private static final int CALLS = 20;

    /** Fewer calls than this say nothing. */
    private static final int FEW = 10;

    private final CircuitBreaker breaker;
    private volatile String failure = "";

    /** @param retryDelay the shortest wait before a call is repeated; a dead source is left alone for 10 to 120 times as long */
    public Circuit(Duration retryDelay, Clock clock) {
        breaker = CircuitBreaker.of(
                "source",
                CircuitBreakerConfig.custom()
                        .clock(clock)
                        .slidingWindowSize(CALLS)
                        .minimumNumberOfCalls(FEW)
                        .failureRateThreshold(50)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        // Should a probe never come back, another one goes.
                        .maxWaitDurationInHalfOpenState(Duration.ofMinutes(15))
                        .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(
                                retryDelay.multipliedBy(10), 2, retryDelay.multipliedBy(120)))
                        .recordException(Circuit::isDead)
                        .build());
    }

    /**
     * Call before each call to the source, and {@link #recordSuccess} or {@link #recordFailure} after it.
     *
     * @throws SourceException.Unavailable when the call must not leave
     */
    public void requireClosed() {
        if (!breaker.tryAcquirePermission()) {
            throw new SourceException.Unavailable(
                    "the source keeps failing (" + failure + "), so most calls are not made");
        }
    }

    /** The call brought an answer. */
    public void recordSuccess() {
        breaker.onSuccess(0, breaker.getTimestampUnit());
    }

    /** The call failed, for whatever reason. */
    public void recordFailure(Throwable cause) {
        if (isDead(cause)) {
            failure = cause instanceof SourceException
                    ? cause.getMessage()
                    : cause.getClass().getSimpleName();
        }
        if (cause instanceof InterruptedException) {
            breaker.releasePermission();
        } else {
            breaker.onError(0, breaker.getTimestampUnit(), cause);
        }
    }

    private static boolean isDead(Throwable failure) {
        return Failures.causes(failure)
                .anyMatch(cause -> cause instanceof SourceException.Unavailable || cause instanceof IOException);
    }
}
