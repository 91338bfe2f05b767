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
 * Faults of several kinds, at random. By the seed it is settled what happens to the first call to an end point, to the
 * second and so on, whatever happens at the other end points. With probability 1 and one kind, it is an outage.
 */
public final class Faults implements Fault {

    /** After this, a call that is left without an answer loses its connection. */
    public static final Duration LONGEST_HANG = Duration.ofSeconds(3);

    /** Of a body that does not end, more than this is not sent. */
    public static final int LONGEST_BODY = 64 * 1024 * 1024;

    private static final int LONGEST_STORM = 6;

    private final Map<Call.Kind, Course> courses = new EnumMap<>(Call.Kind.class);
    private final Map<FaultKind, Integer> counts = new ConcurrentHashMap<>();
    private volatile boolean off;

    private Faults(long seed, double probability, Set<FaultKind> kinds) {
        Random seeds = new Random(seed);
        for (Call.Kind call : Call.Kind.values()) {
            // In the order of the enum: that of a set can be another in every run.
            List<FaultKind> possible = Arrays.stream(FaultKind.values())
                    .filter(kind -> kinds.contains(kind) && kind.happensTo(call))
                    .toList();
            courses.put(call, new Course(new Random(seeds.nextLong()), probability, possible));
        }
    }

    /**
     * Faults for {@link SourceSimulator#onCall}.
     *
     * @param probability of a fault on a call, from 0 to 1; a storm of {@link FaultKind#BUSY} counts as one
     * @param kinds all equally likely, as far as they can happen to the call
     */
    public static Faults of(long seed, double probability, Set<FaultKind> kinds) {
        return new Faults(seed, probability, kinds);
    }

    /** From now on nothing happens to a call any more, not even the rest of a storm. */
    public void off() {
        off = true;
    }

    /** How often this kind has really happened. */
    public int count(FaultKind kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** How often each kind has really happened; without those that have not. */
    public Map<FaultKind, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** Leaves every call to {@link #reply}. */
    @Override
    public boolean answer(HttpExchange exchange, Call call) {
        return false;
    }

    @Override
    public Reply reply(Call call, Truth truth) {
        Optional<Turn> turn = off ? Optional.empty() : courses.get(call.kind()).next();
        if (turn.isEmpty()) {
            return truth.answer(call);
        }
        FaultKind kind = turn.get().kind();
        Disturbance disturbance =
                new Disturbance(kind, call, truth, new Random(turn.get().seed()));
        Optional<Reply> reply = disturbance.reply();
        reply.ifPresent(happened -> counts.merge(kind, 1, Integer::sum));
        return reply.orElseGet(disturbance::trueAnswer);
    }

    /** A fault that is due, and the seed for its details. */
    private record Turn(FaultKind kind, long seed) {}

    /** What happens at one end point, call after call. */
    private static final class Course {

        private final Random random;
        private final double probability;
        private final List<FaultKind> possible;
        private int storm;

        Course(Random random, double probability, List<FaultKind> possible) {
            this.random = random;
            this.probability = probability;
            this.possible = possible;
        }

        synchronized Optional<Turn> next() {
            if (possible.isEmpty()) {
                return Optional.empty();
            }
            if (storm > 0) {
                storm--;
                return Optional.of(new Turn(FaultKind.BUSY, random.nextLong()));
            }
            if (random.nextDouble() >= probability) {
                return Optional.empty();
            }
            FaultKind kind = possible.get(random.nextInt(possible.size()));
            if (kind == FaultKind.BUSY) {
                storm = 1 + random.nextInt(LONGEST_STORM - 1);
            }
            return Optional.of(new Turn(kind, random.nextLong()));
        }
    }
}
