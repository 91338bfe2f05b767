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
 * The offers of the simulated source. Safe for use by several threads; every method, including a search, sees the base
 * in one state. The bytes of an offer stay the same until the offer is put again or changed. The returned byte arrays
 * are the ones that are served, so do not modify them.
 */
public final class SimulatedBase {

    /** The position of an offer among those of its origin: newest first, then by id. */
    private record Position(Instant created, String id) implements Comparable<Position> {

        private static final Comparator<Position> ORDER =
                Comparator.comparing(Position::created).reversed().thenComparing(Position::id);

        @Override
        public int compareTo(Position other) {
            return ORDER.compare(this, other);
        }
    }

    /** Writes emoji as UTF-8. By default, Jackson would write escapes. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private static final Comparator<StoredOffer> NEWEST_FIRST =
            Comparator.comparing(StoredOffer::created).reversed();
    private static final String AFTER_ANY_ID = "\uffff";

    /**
     * The maximum size of the cache of selections, enough for the slices that are read side by side. A larger cache is
     * cleared.
     */
    private static final int MAX_SELECTIONS = 100;

    private final Clock clock;
    private final Duration dateShift;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<String, StoredOffer> offers = new HashMap<>();
    private final NavigableMap<String, NavigableMap<Position, StoredOffer>> byOrigine = new TreeMap<>();
    private final Map<SearchCriteria, Selection> selections = new ConcurrentHashMap<>();

    /**
     * Creates an empty base.
     *
     * @param clock the clock of {@link #now()}
     * @param dateShift how far the dates in served offers are ahead of the true time, see
     *     {@link SimulatorOptions#dateShift()}
     */
    public SimulatedBase(Clock clock, Duration dateShift) {
        this.clock = clock;
        this.dateShift = dateShift;
    }

    /**
     * Creates an offer, or replaces the offer with the same id. Filters and order use its creation date in whole
     * seconds.
     *
     * @param offer an offer with at least {@code id}, {@code dateCreation} and {@code origineOffre.origine}; its dates
     *     are the true ones, and are shifted in the served JSON
     * @throws IllegalArgumentException when one of these fields is missing
     */
    public void put(ObjectNode offer) {
        store(toStored(offer));
    }

    /**
     * Creates a raw offer, or replaces the offer with the same id. A raw offer is served as the given bytes, even when
     * they are not JSON.
     *
     * @param id the id in the base, which may differ from an id in the bytes
     * @param created the true creation date, which may differ from a date in the bytes; a fraction of a second is
     *     dropped
     * @param origine {@code "1"} for an offer of the operator, {@code "2"} for an offer of a partner
     * @param json the served bytes; filters and facets use the fields that can be read from them
     */
    public void putRaw(String id, Instant created, String origine, byte[] json) {
        Traits traits = Traits.of(parsedIfPossible(json));
        store(new StoredOffer(id, created.truncatedTo(ChronoUnit.SECONDS), origine, json.clone(), true, traits));
    }

    /** Removes an offer. Returns false when there is no such offer. */
    public boolean remove(String id) {
        return withWriteLock(() -> {
            StoredOffer removed = offers.remove(id);
            if (removed == null) {
                return false;
            }
            byOrigine.get(removed.origine()).remove(position(removed));
            evictSelectionsWith(removed);
            return true;
        });
    }

    /**
     * Replaces an offer by the result of a function, in one step.
     *
     * @param change the function, which gets a copy of the offer with its true dates
     * @return false when nothing was changed, because there is no such offer or it is raw
     */
    public boolean change(String id, UnaryOperator<ObjectNode> change) {
        return withWriteLock(() -> {
            StoredOffer old = offers.get(id);
            if (old == null || old.raw()) {
                return false;
            }
            store(toStored(change.apply(trueOffer(old))));
            return true;
        });
    }

    /**
     * Changes the creation date of an offer, and nothing else. The bytes of a raw offer do not change.
     *
     * @throws NoSuchElementException when there is no such offer
     */
    public void changeCreationDate(String id, Instant newCreation) {
        withWriteLock(() -> {
            StoredOffer old = require(id);
            Instant created = newCreation.truncatedTo(ChronoUnit.SECONDS);
            if (old.raw()) {
                store(new StoredOffer(id, created, old.origine(), old.json(), true, old.traits()));
            } else {
                store(toStored(trueOffer(old).put("dateCreation", OfferDate.inOffer(created))));
            }
            return null;
        });
    }

    /** Removes all offers. */
    public void clear() {
        withWriteLock(() -> {
            offers.clear();
            byOrigine.clear();
            selections.clear();
            return null;
        });
    }

    public int size() {
        return withReadLock(offers::size);
    }

    public boolean contains(String id) {
        return withReadLock(() -> offers.containsKey(id));
    }

    /** Returns the ids of all offers, in no particular order. */
    public Set<String> ids() {
        return withReadLock(() -> Set.copyOf(offers.keySet()));
    }

    /**
     * Returns the JSON of an offer, byte for byte as served.
     *
     * @throws NoSuchElementException when there is no such offer
     */
    public byte[] content(String id) {
        return withReadLock(() -> require(id)).json();
    }

    /** Returns the offers of the given origins, or of all origins when none is given: the served JSON by id. */
    public Map<String, byte[]> snapshot(String... origines) {
        Set<String> wanted = Set.of(origines);
        return withReadLock(() -> {
            Map<String, byte[]> snapshot = new HashMap<>();
            offers.values().stream()
                    .filter(offer -> wanted.isEmpty() || wanted.contains(offer.origine()))
                    .forEach(offer -> snapshot.put(offer.id(), offer.json()));
            return snapshot;
        });
    }

    /** Returns the true time by the clock of this base. */
    Instant now() {
        return clock.instant();
    }

    Optional<byte[]> find(String id) {
        return withReadLock(() -> Optional.ofNullable(offers.get(id))).map(StoredOffer::json);
    }

    /** Returns the offers that a search matches now. */
    Selection select(SearchCriteria criteria) {
        return withReadLock(() -> {
            if (selections.size() > MAX_SELECTIONS) {
                selections.clear();
            }
            return selections.computeIfAbsent(criteria, this::search);
        });
    }

    private Selection search(SearchCriteria criteria) {
        List<StoredOffer> found = new ArrayList<>();
        byOrigine.forEach((origine, stock) -> {
            boolean wanted = criteria.origine() == null || criteria.origine().equals(origine);
            if (wanted && !criteria.from().isAfter(criteria.to())) {
                Position newest = new Position(criteria.to(), "");
                Position oldest = new Position(criteria.from(), AFTER_ANY_ID);
                stock.subMap(newest, oldest).values().stream()
                        .filter(offer -> criteria.matchesTraits(offer.traits()))
                        .forEach(found::add);
            }
        });
        if (criteria.newestFirst()) {
            found.sort(NEWEST_FIRST);
        }
        return Selection.of(found);
    }

    private void store(StoredOffer offer) {
        withWriteLock(() -> {
            remove(offer.id());
            offers.put(offer.id(), offer);
            byOrigine
                    .computeIfAbsent(offer.origine(), origine -> new TreeMap<>())
                    .put(position(offer), offer);
            evictSelectionsWith(offer);
            return null;
        });
    }

    /**
     * Removes from the cache the selections that may contain an offer. The others stay, so that one change does not
     * slow down all searches.
     */
    private void evictSelectionsWith(StoredOffer offer) {
        selections.keySet().removeIf(criteria -> criteria.matchesOriginAndDate(offer));
    }

    private StoredOffer require(String id) {
        StoredOffer offer = offers.get(id);
        if (offer == null) {
            throw new NoSuchElementException("the base has no offer with the id " + id);
        }
        return offer;
    }

    private StoredOffer toStored(ObjectNode offer) {
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

    private static String required(ObjectNode offer, String pointer) {
        JsonNode value = offer.at(pointer);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("the offer needs a string at " + pointer);
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

    private <T> T withReadLock(Supplier<T> work) {
        return locked(lock.readLock(), work);
    }

    private <T> T withWriteLock(Supplier<T> work) {
        return locked(lock.writeLock(), work);
    }

    private static <T> T locked(Lock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
