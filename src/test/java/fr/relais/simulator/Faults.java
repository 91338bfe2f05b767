package fr.relais.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Random faults of several kinds. The seed determines the fault of the first call to an endpoint, of the second call
 * and so on, regardless of the calls to other endpoints. With probability 1 and one kind, the faults are an outage.
 */
public final class Faults implements Fault {

    /** The time after which a hanging call loses its connection. */
    public static final Duration LONGEST_HANG = Duration.ofSeconds(3);

    /** The maximum number of bytes of an endless body. */
    public static final int LONGEST_BODY = 64 * 1024 * 1024;

    /** The maximum number of consecutive calls that get {@link FaultKind#BUSY}. */
    private static final int MAX_CONSECUTIVE_BUSY = 6;

    private final Map<Call.Kind, FaultSeries> series = new EnumMap<>(Call.Kind.class);
    private final Map<FaultKind, Integer> counts = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    private Faults(long seed, double probability, Set<FaultKind> kinds) {
        Random seeds = new Random(seed);
        for (Call.Kind call : Call.Kind.values()) {
            // In the order of the enum, because the order of a set may differ between runs.
            List<FaultKind> possible = Arrays.stream(FaultKind.values())
                    .filter(kind -> kinds.contains(kind) && kind.happensTo(call))
                    .toList();
            series.put(call, new FaultSeries(new Random(seeds.nextLong()), probability, possible));
        }
    }

    /**
     * Returns faults for {@link SourceSimulator#onCall}.
     *
     * @param probability the probability of a fault on a call, from 0 to 1; consecutive {@link FaultKind#BUSY} answers
     *     count as one fault
     * @param kinds the kinds of faults; all that can happen to a call are equally likely
     */
    public static Faults of(long seed, double probability, Set<FaultKind> kinds) {
        return new Faults(seed, probability, kinds);
    }

    /** Stops all faults, including consecutive {@link FaultKind#BUSY} answers that have begun. */
    public void stop() {
        stopped = true;
    }

    /** Returns how often a kind has happened. */
    public int count(FaultKind kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** Returns how often each kind has happened, without the kinds that have not. */
    public Map<FaultKind, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** Answers no call: {@link #reply} determines every answer. */
    @Override
    public boolean answer(HttpExchange exchange, Call call) {
        return false;
    }

    @Override
    public Reply reply(Call call, Truth truth) {
        Optional<Due> due = stopped ? Optional.empty() : series.get(call.kind()).next();
        if (due.isEmpty()) {
            return truth.answer(call);
        }
        FaultKind kind = due.get().kind();
        Disturbance disturbance =
                new Disturbance(kind, call, truth, new Random(due.get().seed()));
        Optional<Reply> reply = disturbance.reply();
        reply.ifPresent(happened -> counts.merge(kind, 1, Integer::sum));
        return reply.orElseGet(disturbance::trueAnswer);
    }

    /** A fault for the next call, with the seed for its details. */
    private record Due(FaultKind kind, long seed) {}

    /** The faults of successive calls to one endpoint. */
    private static final class FaultSeries {

        private final Random random;
        private final double probability;
        private final List<FaultKind> possible;
        private int remainingBusy;

        FaultSeries(Random random, double probability, List<FaultKind> possible) {
            this.random = random;
            this.probability = probability;
            this.possible = possible;
        }

        synchronized Optional<Due> next() {
            if (possible.isEmpty()) {
                return Optional.empty();
            }
            if (remainingBusy > 0) {
                remainingBusy--;
                return Optional.of(new Due(FaultKind.BUSY, random.nextLong()));
            }
            if (random.nextDouble() >= probability) {
                return Optional.empty();
            }
            FaultKind kind = possible.get(random.nextInt(possible.size()));
            if (kind == FaultKind.BUSY) {
                remainingBusy = 1 + random.nextInt(MAX_CONSECUTIVE_BUSY - 1);
            }
            return Optional.of(new Due(kind, random.nextLong()));
        }
    }
}
