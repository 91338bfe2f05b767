package fr.relais.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The options of a {@link SourceSimulator}; start from {@link #defaults()}.
 *
 * @param clientId the id of the only client that gets tokens
 * @param clientSecret the secret of that client
 * @param tokenLifetime how long a token is accepted; the client gets it in whole seconds as {@code expires_in}
 * @param windowCap how many offers of one search can be reached; the API's value is 3150, and was 1150 formerly
 * @param callsPerSecond how many searches and requests for one offer are allowed in a second, which is also the largest
 *     burst; null for no limit
 * @param dateShift how far the dates in offers are ahead of the true time; 2 h is local summer time labelled as UTC
 * @param filterShift how far the bounds of the creation date filter are ahead of the true time; with 2 h, a bound of
 *     noon means 10:00
 * @param bounds how the creation date filter treats offers exactly at a bound
 * @param shuffleTies whether the order of offers created in the same second changes with every call
 * @param latency how long every call waits before it is handled
 * @param port the TCP port to listen on; 0 for any free port
 * @param clock the clock for tokens, {@code publieeDepuis}, the rate limit and {@link SourceSimulator#callTimes()}
 */
public record SimulatorOptions(
        String clientId,
        String clientSecret,
        Duration tokenLifetime,
        int windowCap,
        Integer callsPerSecond,
        Duration dateShift,
        Duration filterShift,
        Bounds bounds,
        boolean shuffleTies,
        Duration latency,
        int port,
        Clock clock) {

    /** Returns options without a rate limit, shifts and latency, with the system's clock and a free port. */
    public static SimulatorOptions defaults() {
        Builder builder = new Builder();
        builder.clientId = "PAR_relais_test";
        builder.clientSecret = "not-a-secret";
        builder.tokenLifetime = Duration.ofSeconds(1499);
        builder.windowCap = 3150;
        builder.dateShift = Duration.ZERO;
        builder.filterShift = Duration.ZERO;
        builder.bounds = Bounds.INCLUSIVE;
        builder.latency = Duration.ZERO;
        builder.clock = Clock.systemUTC();
        return builder.build();
    }

    public SimulatorOptions withClientId(String clientId) {
        return with(builder -> builder.clientId = clientId);
    }

    public SimulatorOptions withClientSecret(String clientSecret) {
        return with(builder -> builder.clientSecret = clientSecret);
    }

    public SimulatorOptions withTokenLifetime(Duration tokenLifetime) {
        return with(builder -> builder.tokenLifetime = tokenLifetime);
    }

    public SimulatorOptions withWindowCap(int windowCap) {
        return with(builder -> builder.windowCap = windowCap);
    }

    public SimulatorOptions withCallsPerSecond(Integer callsPerSecond) {
        return with(builder -> builder.callsPerSecond = callsPerSecond);
    }

    public SimulatorOptions withDateShift(Duration dateShift) {
        return with(builder -> builder.dateShift = dateShift);
    }

    public SimulatorOptions withFilterShift(Duration filterShift) {
        return with(builder -> builder.filterShift = filterShift);
    }

    public SimulatorOptions withBounds(Bounds bounds) {
        return with(builder -> builder.bounds = bounds);
    }

    public SimulatorOptions withShuffleTies(boolean shuffleTies) {
        return with(builder -> builder.shuffleTies = shuffleTies);
    }

    public SimulatorOptions withLatency(Duration latency) {
        return with(builder -> builder.latency = latency);
    }

    public SimulatorOptions withPort(int port) {
        return with(builder -> builder.port = port);
    }

    public SimulatorOptions withClock(Clock clock) {
        return with(builder -> builder.clock = clock);
    }

    private SimulatorOptions with(Consumer<Builder> change) {
        Builder builder = new Builder();
        builder.clientId = clientId;
        builder.clientSecret = clientSecret;
        builder.tokenLifetime = tokenLifetime;
        builder.windowCap = windowCap;
        builder.callsPerSecond = callsPerSecond;
        builder.dateShift = dateShift;
        builder.filterShift = filterShift;
        builder.bounds = bounds;
        builder.shuffleTies = shuffleTies;
        builder.latency = latency;
        builder.port = port;
        builder.clock = clock;
        change.accept(builder);
        return builder.build();
    }

    /** A builder of options, so that each {@code with} method names only the option that it changes. */
    private static final class Builder {
        private String clientId;
        private String clientSecret;
        private Duration tokenLifetime;
        private int windowCap;
        private Integer callsPerSecond;
        private Duration dateShift;
        private Duration filterShift;
        private Bounds bounds;
        private boolean shuffleTies;
        private Duration latency;
        private int port;
        private Clock clock;

        private SimulatorOptions build() {
            return new SimulatorOptions(
                    clientId,
                    clientSecret,
                    tokenLifetime,
                    windowCap,
                    callsPerSecond,
                    dateShift,
                    filterShift,
                    bounds,
                    shuffleTies,
                    latency,
                    port,
                    clock);
        }
    }
}
