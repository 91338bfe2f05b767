package fr.relais.simulator;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a {@link SourceSimulator} behaves; start from {@link #defaults()}.
 *
 * @param clientId the only client that gets tokens
 * @param clientSecret its secret
 * @param tokenLifetime how long a token is accepted, given to the client in whole seconds as {@code expires_in}
 * @param windowCap how many offers of one search can be reached: 3150, formerly 1150
 * @param callsPerSecond calls to search and detail allowed in a second, also the largest burst; null: any number
 * @param dateShift how far ahead of the true time dates are written in offers: 2 h is local summer time labelled UTC
 * @param filterShift how far ahead of the true time the bounds of the creation date filter are taken to be: with 2 h, a
 *     bound at noon selects as a true bound at 10:00 would
 * @param bounds what the creation date filter does with offers exactly on a bound
 * @param shuffleTies whether offers created in the same second come in a different order on every call
 * @param latency how long every call waits before it is looked at
 * @param port the TCP port to listen on; 0: any free one
 * @param clock the time for tokens, {@code publieeDepuis}, the rate and {@link SourceSimulator#callTimes()}
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

    /** The API at its most regular: no limit on calls, no shift, no latency, the system's clock, a free port. */
    public static SimulatorOptions defaults() {
        Draft draft = new Draft();
        draft.clientId = "PAR_relais_test";
        draft.clientSecret = "not-a-secret";
        draft.tokenLifetime = Duration.ofSeconds(1499);
        draft.windowCap = 3150;
        draft.dateShift = Duration.ZERO;
        draft.filterShift = Duration.ZERO;
        draft.bounds = Bounds.INCLUSIVE;
        draft.latency = Duration.ZERO;
        draft.clock = Clock.systemUTC();
        return draft.options();
    }

    public SimulatorOptions withClientId(String clientId) {
        return with(draft -> draft.clientId = clientId);
    }

    public SimulatorOptions withClientSecret(String clientSecret) {
        return with(draft -> draft.clientSecret = clientSecret);
    }

    public SimulatorOptions withTokenLifetime(Duration tokenLifetime) {
        return with(draft -> draft.tokenLifetime = tokenLifetime);
    }

    public SimulatorOptions withWindowCap(int windowCap) {
        return with(draft -> draft.windowCap = windowCap);
    }

    public SimulatorOptions withCallsPerSecond(Integer callsPerSecond) {
        return with(draft -> draft.callsPerSecond = callsPerSecond);
    }

    public SimulatorOptions withDateShift(Duration dateShift) {
        return with(draft -> draft.dateShift = dateShift);
    }

    public SimulatorOptions withFilterShift(Duration filterShift) {
        return with(draft -> draft.filterShift = filterShift);
    }

    public SimulatorOptions withBounds(Bounds bounds) {
        return with(draft -> draft.bounds = bounds);
    }

    public SimulatorOptions withShuffleTies(boolean shuffleTies) {
        return with(draft -> draft.shuffleTies = shuffleTies);
    }

    public SimulatorOptions withLatency(Duration latency) {
        return with(draft -> draft.latency = latency);
    }

    public SimulatorOptions withPort(int port) {
        return with(draft -> draft.port = port);
    }

    public SimulatorOptions withClock(Clock clock) {
        return with(draft -> draft.clock = clock);
    }

    private SimulatorOptions with(Consumer<Draft> change) {
        Draft draft = new Draft();
        draft.clientId = clientId;
        draft.clientSecret = clientSecret;
        draft.tokenLifetime = tokenLifetime;
        draft.windowCap = windowCap;
        draft.callsPerSecond = callsPerSecond;
        draft.dateShift = dateShift;
        draft.filterShift = filterShift;
        draft.bounds = bounds;
        draft.shuffleTies = shuffleTies;
        draft.latency = latency;
        draft.port = port;
        draft.clock = clock;
        change.accept(draft);
        return draft.options();
    }

    /** Options being put together, so that each with-er names only what it changes. */
    private static final class Draft {
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

        private SimulatorOptions options() {
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
