package fr.relais.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** The budget of one day in Europe/Paris: the usage of each client, the familiar offers and the draws from the pool. */
final class DailyBudget {

    /**
     * The number of clients that must open an offer to make it familiar. With two, a fleet of clients pays twice for
     * each offer.
     */
    private static final int MIN_OPENERS = 2;

    private static final ZoneId ZONE = ZoneId.of("Europe/Paris");

    final LocalDate date;
    final Instant end;
    private final int maxClients;

    private final Map<Pseudonym, ClientUsage> clients = new ConcurrentHashMap<>();
    private final Map<Long, Integer> openers = new ConcurrentHashMap<>();
    private final AtomicLong drawn = new AtomicLong();
    private volatile Pseudonymizer pseudonymizer;
    private volatile Set<Long> familiarBefore;

    /**
     * @param familiarBefore the familiar offers of the day before that the most clients opened
     * @param maxClients the number of clients in memory above which no client without a key is added
     */
    DailyBudget(LocalDate date, Pseudonymizer pseudonymizer, Set<Long> familiarBefore, int maxClients) {
        this.date = date;
        this.end = date.plusDays(1).atStartOfDay(ZONE).toInstant();
        this.pseudonymizer = pseudonymizer;
        this.familiarBefore = familiarBefore;
        this.maxClients = maxClients;
    }

    static LocalDate date(Instant now) {
        return now.atZone(ZONE).toLocalDate();
    }

    Pseudonymizer pseudonymizer() {
        return pseudonymizer;
    }

    /**
     * Adopts the salt of other processes. A new salt resets each client's usage; draws from the pool still count.
     */
    synchronized void adopt(Pseudonymizer other) {
        if (!pseudonymizer.equals(other)) {
            clients.clear();
            pseudonymizer = other;
        }
    }

    Set<Long> familiarBefore() {
        return familiarBefore;
    }

    void familiarBefore(Set<Long> offers) {
        familiarBefore = offers;
    }

    /** Returns what the client has used; null when memory is full, unless the client is known already or has a key. */
    ClientUsage usage(Pseudonym client, boolean hasKey) {
        ClientUsage known = clients.get(client);
        if (known != null || clients.size() >= maxClients && !hasKey) {
            return known;
        }
        return clients.computeIfAbsent(client, pseudonym -> new ClientUsage());
    }

    boolean isFamiliar(long offer) {
        return openers.getOrDefault(offer, 0) >= MIN_OPENERS || familiarBefore.contains(offer);
    }

    /** Counts a client that has opened the offer. */
    void countOpener(long offer) {
        openers.merge(offer, 1, Integer::sum);
    }

    /** Draws one offer from the pool. Returns false when {@code limit} offers have been drawn already. */
    boolean draw(long limit) {
        return drawn.getAndUpdate(taken -> taken < limit ? taken + 1 : taken) < limit;
    }

    /** Adds an opening that another process or an earlier run of this process has granted. */
    void add(Opening opening) {
        ClientUsage usage = usage(opening.client(), opening.kind() == Opening.Kind.KEY);
        if (usage != null) {
            synchronized (usage) {
                if (!usage.add(opening.offer())) {
                    return;
                }
                switch (opening.kind()) {
                    case FAMILIAR -> usage.familiar++;
                    case FREE, DRAWN -> usage.unopened++;
                    case KEY -> {}
                }
            }
        }
        if (opening.kind() == Opening.Kind.DRAWN) {
            drawn.incrementAndGet();
        }
        if (opening.kind() != Opening.Kind.KEY) {
            countOpener(opening.offer());
        }
    }

    /** Returns the familiar offers that the most clients opened, at most {@code number} of them. */
    Set<Long> favourites(int number) {
        return openers.entrySet().stream()
                .filter(entry -> entry.getValue() >= MIN_OPENERS)
                .sorted(Map.Entry.<Long, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(number)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
