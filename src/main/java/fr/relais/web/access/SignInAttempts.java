package fr.relais.web.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import fr.relais.budget.Client;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.springframework.security.core.AuthenticationException;

/**
 * The limit on failed sign-ins, for each client and for each name. Attempts count before the password is checked, so
 * that concurrent attempts do not exceed the limit. A successful one ends the count.
 */
final class SignInAttempts {

    private static final int ATTEMPTS = 10;
    private static final Duration PERIOD = Duration.ofMinutes(15);

    /** The bound of the memory. Anybody can make up names. */
    private static final int MAX_COUNTS = 10_000;

    private final Clock clock;
    private final LoadingCache<String, Bucket> counts;

    SignInAttempts(Clock clock) {
        this.clock = clock;
        this.counts = Caffeine.newBuilder()
                .maximumSize(MAX_COUNTS)
                .expireAfterAccess(PERIOD)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build(key -> bucket());
    }

    /** The refusal of an attempt, whatever its password. */
    static final class TooMany extends AuthenticationException {

        private static final long serialVersionUID = 1L;

        private final Duration retryAfter;

        private TooMany(Duration retryAfter) {
            super("too many attempts to sign in");
            this.retryAfter = retryAfter;
        }

        /** Returns the time until the next attempt is allowed, in whole seconds. */
        Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * Counts an attempt.
     *
     * @param address the client's address as the servlet container reports it
     * @throws TooMany when the client, or all clients with this name, have used up their attempts
     */
    void count(String address, String name) {
        for (Bucket bucket : buckets(address, name)) {
            ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
            if (!probe.isConsumed()) {
                throw new TooMany(
                        Duration.ofSeconds(1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill())));
            }
        }
    }

    /** Forgets the attempts of the client and of the name after a successful sign-in. */
    void forget(String address, String name) {
        buckets(address, name).forEach(Bucket::reset);
    }

    private List<Bucket> buckets(String address, String name) {
        return Stream.of(
                        "client " + Client.at(address).network(),
                        "name " + name.substring(0, Math.min(name.length(), 64)).toLowerCase(Locale.ROOT))
                .map(counts::get)
                .toList();
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(ATTEMPTS).refillIntervally(ATTEMPTS, PERIOD))
                .withCustomTimePrecision(new TimeMeter() {
                    @Override
                    public long currentTimeNanos() {
                        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
                    }

                    @Override
                    public boolean isWallClockBased() {
                        return true;
                    }
                })
                .build();
    }
}
