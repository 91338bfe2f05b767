package fr.relais.web.access;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import fr.relais.budget.Client;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.security.core.AuthenticationException;

/**
 * The limit on failed sign-ins of each client, and on those with the password of the settings. The names of keys have
 * no limit: nobody can guess a key, and a limit would let a stranger keep an operator out. Attempts count before the
 * password is checked, so that concurrent attempts do not exceed the limit. A successful one ends the count.
 */
final class SignInAttempts {

    private static final int ATTEMPTS = 10;

    /** Slows down guesses from many addresses, and is more than a few clients can use up. */
    private static final int ATTEMPTS_WITH_PASSWORD = 200;

    private static final Duration PERIOD = Duration.ofMinutes(15);

    /** The bound of the memory. */
    private static final int MAX_CLIENTS = 10_000;

    private final Clock clock;
    private final LoadingCache<String, Bucket> clients;
    private final Bucket password;

    SignInAttempts(Clock clock) {
        this.clock = clock;
        this.clients = Caffeine.newBuilder()
                .maximumSize(MAX_CLIENTS)
                .expireAfterAccess(PERIOD)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build(network -> bucket(ATTEMPTS));
        this.password = bucket(ATTEMPTS_WITH_PASSWORD);
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
     * @param isPassword whether the name is the one of the settings' password
     * @throws TooMany when the client, or all clients with this password, have used up their attempts
     */
    void count(String address, boolean isPassword) {
        take(client(address));
        if (isPassword) {
            take(password);
        }
    }

    private static void take(Bucket bucket) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw new TooMany(Duration.ofSeconds(1 + TimeUnit.NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill())));
        }
    }

    /** Forgets the attempts after a successful sign-in. */
    void forget(String address, boolean isPassword) {
        client(address).reset();
        if (isPassword) {
            password.reset();
        }
    }

    /** Gives an attempt with a key back, because the key could not be checked. */
    void giveBack(String address) {
        client(address).addTokens(1);
    }

    private Bucket client(String address) {
        return clients.get(Client.at(address).network());
    }

    private Bucket bucket(int attempts) {
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(attempts).refillIntervally(attempts, PERIOD))
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
