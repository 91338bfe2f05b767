package fr.relais;

import com.fasterxml.jackson.databind.node.ObjectNode;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatedBase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A random history of a source: offers are created, changed, removed, put back, and get another creation date. */
final class History {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private final SimulatedBase base;
    private final Random random;
    private final OfferGenerator generator;
    private final List<ObjectNode> gone = new ArrayList<>();
    private final Map<String, ObjectNode> living = new TreeMap<>();
    private final Set<String> removed = new TreeSet<>();
    private final Set<String> touched = new TreeSet<>();

    History(SimulatedBase base, Random random) {
        this.base = base;
        this.random = random;
        this.generator = new OfferGenerator(random.nextLong());
    }

    synchronized void proceed(int events) {
        for (int i = 0; i < events; i++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> put(generator.offer(instant(), "1"));
                case 4 -> put(generator.offer(instant(), "2"));
                case 5, 6 -> any().ifPresent(id -> put(generator.change(living.get(id))));
                case 7 -> any().ifPresent(this::remove);
                case 8 -> any().ifPresent(this::move);
                default -> {
                    if (!gone.isEmpty()) {
                        put(gone.remove(random.nextInt(gone.size())));
                    }
                }
            }
        }
    }

    /** Empties the set that {@link #touched} returns. */
    synchronized void mark() {
        touched.clear();
    }

    /** Returns the ids of the offers that were created, changed, moved or removed since the last {@link #mark}. */
    synchronized Set<String> touched() {
        return new TreeSet<>(touched);
    }

    synchronized Set<String> removed() {
        return new TreeSet<>(removed);
    }

    /**
     * Returns a creation date, often in the same second as those of other offers. Some seconds get more offers than a
     * window can show.
     */
    private Instant instant() {
        return switch (random.nextInt(4)) {
            case 0 -> NOW.minus(3, ChronoUnit.DAYS);
            case 1 -> NOW.minusSeconds(random.nextInt(5));
            case 2 -> NOW.minusSeconds(random.nextInt(5) * 3_600L);
            default -> NOW.minusSeconds(random.nextInt(60 * 86_400));
        };
    }

    private void move(String id) {
        touched.add(id);
        base.changeCreationDate(id, instant());
    }

    private void put(ObjectNode offer) {
        touched.add(offer.get("id").asText());
        living.put(offer.get("id").asText(), offer);
        base.put(offer);
    }

    private void remove(String id) {
        touched.add(id);
        removed.add(id);
        gone.add(living.remove(id));
        base.remove(id);
    }

    private Optional<String> any() {
        return living.keySet().stream()
                .skip(living.isEmpty() ? 0 : random.nextInt(living.size()))
                .findFirst();
    }
}
