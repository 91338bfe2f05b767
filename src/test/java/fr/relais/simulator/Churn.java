package fr.relais.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A background thread that creates, changes and removes offers of a base, about equally often, until it is closed. The
 * seed determines the order. Offers that someone else removed are skipped. Raw offers are removed, but not changed.
 */
public final class Churn implements AutoCloseable {

    private final SimulatedBase base;
    private final OfferGenerator generator;
    private final Random random;
    private final List<String> alive;
    private final Map<String, Instant> created = new ConcurrentHashMap<>();
    private final Map<String, Instant> changed = new ConcurrentHashMap<>();
    private final Map<String, Instant> removed = new ConcurrentHashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread daemon = new Thread(work, "churn");
        daemon.setDaemon(true);
        return daemon;
    });

    private Churn(SimulatedBase base, OfferGenerator generator, long seed) {
        this.base = base;
        this.generator = generator;
        this.random = new Random(seed);
        this.alive = new ArrayList<>(base.ids().stream().sorted().toList());
    }

    /**
     * Starts a churn.
     *
     * @param perSecond the number of changes in a second, of all three kinds together; at least 1
     */
    public static Churn start(SimulatedBase base, OfferGenerator generator, int perSecond, long seed) {
        Churn churn = new Churn(base, generator, seed);
        churn.thread.scheduleAtFixedRate(churn::step, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
        return churn;
    }

    /** Returns the ids of the offers created so far, and for each the time after its creation by the base's clock. */
    public Map<String, Instant> created() {
        return Map.copyOf(created);
    }

    /** Returns the ids of the offers changed so far, and for each the time after its last change. */
    public Map<String, Instant> changed() {
        return Map.copyOf(changed);
    }

    /** Returns the ids of the offers removed so far, and for each the time after its removal. */
    public Map<String, Instant> removed() {
        return Map.copyOf(removed);
    }

    /** Waits for the current change, then stops. The churn does not change the base afterwards. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the churn thread did not stop within 10 seconds");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() {
        switch (random.nextInt(3)) {
            case 0 -> create();
            case 1 -> change();
            default -> remove();
        }
    }

    private void create() {
        var offer = generator.offer(base.now(), random.nextInt(100) < 23 ? "1" : "2");
        String id = offer.get("id").asText();
        base.put(offer);
        created.put(id, base.now());
        alive.add(id);
    }

    private void change() {
        if (alive.isEmpty()) {
            return;
        }
        String id = alive.get(random.nextInt(alive.size()));
        if (base.change(id, generator::change)) {
            changed.put(id, base.now());
        }
    }

    private void remove() {
        if (alive.isEmpty()) {
            return;
        }
        int index = random.nextInt(alive.size());
        String id = alive.get(index);
        alive.set(index, alive.get(alive.size() - 1));
        alive.remove(alive.size() - 1);
        if (base.remove(id)) {
            removed.put(id, base.now());
        }
    }
}
