package fr.relais.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The offers that the simulated source holds. Safe for use by several threads; every method, a search included, sees
 * the base in one state. An offer's bytes stay the same until it is put again, changed or moved. Byte arrays handed out
 * are those that are served: do not write to them.
 */
public final class SimulatedBase {

    /** Where an offer stands among those of its origin: newest first, then by id. */
    private record Position(Instant created, String id) implements Comparable<Position> {

        private static final Comparator<Position> ORDER =
                Comparator.comparing(Position::created).reversed().thenComparing(Position::id);

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    /** Emoji as UTF-8, where Jackson would by default write an escape. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final Comparator<StoredOffer> NEWEST_FIRST =
            Comparator.comparing(StoredOffer::created).reversed();
    private static final String AFTER_ANY_ID = "\uffff";

    /** Enough for the slices that are read side by side, few enough for memory; beyond, all are forgotten. */
    private static final int MOST_SELECTIONS = 100;

    private final Clock clock;
    private final Duration dateShift;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, StoredOffer> offers = new HashMap<>();
    private final NavigableMap<String, NavigableMap<Position, StoredOffer>> byOrigine = new TreeMap<>();
    private final Map<SearchCriteria, Selection> selections = new ConcurrentHashMap<>();

    /**
     * An empty base.
     *
     * @param clock the time for {@link #now()}
     * @param dateShift how far ahead of the true time dates are written, see {@link SimulatorOptions#dateShift()}
     */
    public SimulatedBase(Clock clock, Duration dateShift) {
        this.clock = clock;
        this.dateShift = dateShift;
    }

    /**
     * Creates an offer, or replaces the one of the same id. Its dates are the true ones; they are written shifted.
     * Filters and order go by its creation date in whole seconds.
     *
     * @param offer has at least {@code id}, {@code dateCreation} and {@code origineOffre.origine}
     * @throws IllegalArgumentException if it lacks one of these
     */
    public void put(ObjectNode offer) {
        store(rendered(offer));
    }

    /**
     * Creates an offer, or replaces the one of the same id, that is served as these very bytes, whatever they are.
     *
     * @param id what the base knows the offer by, whether or not the bytes say so
     * @param created its true creation date, whatever the bytes say; a fraction of a second is dropped
     * @param origine 1 for the operator's own, 2 for a partner's
     * @param json the record; what in it can be read as an offer's fields is found by filters and facets
     */
    public void putRaw(String id, Instant created, String origine, byte[] json) {
        Traits traits = Traits.of(parsedIfPossible(json));
        store(new StoredOffer(id, created.truncatedTo(ChronoUnit.SECONDS), origine, json.clone(), true, traits));
    }

    /** Removes an offer; returns whether there was one. */
    public boolean remove(String id) {
        return writing(() -> {
            StoredOffer removed = offers.remove(id);
            if (removed == null) {
                return false;
            }
            byOrigine.get(removed.origine()).remove(position(removed));
            forgetSelectionsAround(removed);
            return true;
        });
    }

    /**
     * Replaces an offer by what is made of it, in one step.
     *
     * @param change gets a copy of the offer as it was put, with its true dates
     * @return false, and nothing is changed, if there is no such offer or if it was put raw
     */
    public boolean change(String id, UnaryOperator<ObjectNode> change) {
        return writing(() -> {
            StoredOffer old = offers.get(id);
            if (old == null || old.raw()) {
                return false;
            }
            store(rendered(change.apply(trueOffer(old))));
            return true;
        });
    }

    /**
     * Gives an offer another creation date, its content is otherwise the same. The bytes of one put raw do not change.
     *
     * @throws NoSuchElementException if there is no such offer
     */
    public void move(String id, Instant newCreation) {
        writing(() -> {
            StoredOffer old = existing(id);
            Instant created = newCreation.truncatedTo(ChronoUnit.SECONDS);
            if (old.raw()) {
                store(new StoredOffer(id, created, old.origine(), old.json(), true, old.traits()));
            } else {
                store(rendered(trueOffer(old).put("dateCreation", OfferDate.inOffer(created))));
            }
            return null;
        });
    }

    /** Removes all offers. */
    public void clear() {
        writing(() -> {
            offers.clear();
            byOrigine.clear();
            selections.clear();
            return null;
        });
    }

    public int size() {
        return reading(offers::size);
    }

    public boolean contains(String id) {
        return reading(() -> offers.containsKey(id));
    }

    /** The ids of all offers now, in no order. */
    public Set<String> ids() {
        return reading(() -> Set.copyOf(offers.keySet()));
    }

    /**
     * An offer's JSON, byte for byte as served.
     *
     * @throws NoSuchElementException if there is no such offer
     */
    public byte[] content(String id) {
        return reading(() -> existing(id)).json();
    }

    /** All offers of some origins, or of all if none is named, as served, by id. */
    public Map<String, byte[]> snapshot(String... origines) {
        Set<String> wanted = Set.of(origines);
        return reading(() -> {
            Map<String, byte[]> snapshot = new HashMap<>();
            offers.values().stream()
                    .filter(offer -> wanted.isEmpty() || wanted.contains(offer.origine()))
                    .forEach(offer -> snapshot.put(offer.id(), offer.json()));
            return snapshot;
        });
    }

    /** The true time in the world of this base. */
    Instant now() {
        return clock.instant();
    }

    Optional<byte[]> find(String id) {
        return reading(() -> Optional.ofNullable(offers.get(id))).map(StoredOffer::json);
    }

    /** What a search finds now. */
    Selection select(SearchCriteria criteria) {
        return reading(() -> {
            if (selections.size() > MOST_SELECTIONS) {
                selections.clear();
            }
            return selections.computeIfAbsent(criteria, this::read);
        });
    }

    private Selection read(SearchCriteria criteria) {
        List<StoredOffer> found = new ArrayList<>();
        byOrigine.forEach((origine, stock) -> {
            boolean wanted = criteria.origine() == null || criteria.origine().equals(origine);
            if (wanted && !criteria.from().isAfter(criteria.to())) {
                Position newest = new Position(criteria.to(), "");
                Position oldest = new Position(criteria.from(), AFTER_ANY_ID);
                stock.subMap(newest, oldest).values().stream()
                        .filter(offer -> criteria.accept(offer.traits()))
                        .forEach(found::add);
            }
        });
        if (criteria.newestFirst()) {
            found.sort(NEWEST_FIRST);
        }
        return Selection.of(found);
    }

    private void store(StoredOffer offer) {
        writing(() -> {
            remove(offer.id());
            offers.put(offer.id(), offer);
            byOrigine
                    .computeIfAbsent(offer.origine(), origine -> new TreeMap<>())
                    .put(position(offer), offer);
            forgetSelectionsAround(offer);
            return null;
        });
    }

    /** Only those, so that a change of one offer does not cost all searches under way their selection. */
    private void forgetSelectionsAround(StoredOffer offer) {
        selections.keySet().removeIf(criteria -> criteria.reach(offer));
    }

    private StoredOffer existing(String id) {
        StoredOffer offer = offers.get(id);
        if (offer == null) {
            throw new NoSuchElementException("no offer " + id);
        }
        return offer;
    }

    private StoredOffer rendered(ObjectNode offer) {
        Instant created = OfferDate.fromOffer(required(offer, "/dateCreation")).truncatedTo(ChronoUnit.SECONDS);
        ObjectNode written = JSON.createObjectNode().setAll(offer);
        shiftDates(written, dateShift);
        try {
            return new StoredOffer(
                    required(offer, "/id"),
                    created,
                    required(offer, "/origineOffre/origine"),
                    JSON.writeValueAsBytes(written),
                    false,
                    Traits.of(offer));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode trueOffer(StoredOffer offer) {
        ObjectNode written = (ObjectNode) parsedIfPossible(offer.json());
        shiftDates(written, dateShift.negated());
        return written;
    }

    private static void shiftDates(ObjectNode offer, Duration shift) {
        for (String field : List.of("dateCreation", "dateActualisation")) {
            if (offer.has(field)) {
                Instant date = OfferDate.fromOffer(offer.get(field).asText());
                offer.put(field, OfferDate.inOffer(date.plus(shift)));
            }
        }
    }

    private static String required(ObjectNode offer, String field) {
        JsonNode value = offer.at(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("an offer to put must have " + field + " as a string");
        }
        return value.asText();
    }

    private static JsonNode parsedIfPossible(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static Position position(StoredOffer offer) {
        return new Position(offer.created(), offer.id());
    }

    private <T> T reading(Supplier<T> work) {
        return under(lock.readLock(), work);
    }

    private <T> T writing(Supplier<T> work) {
        return under(lock.writeLock(), work);
    }

    private static <T> T under(Lock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
