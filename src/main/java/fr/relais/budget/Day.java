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

/** What is known of the openings of one day in Europe/Paris. */
final class Day {

    /** Opened by so many clients, an offer is familiar: two that work together pay twice for it. */
    private static final int FAMILIAR = 2;

    private static final ZoneId ZONE = ZoneId.of("Europe/Paris");

    final LocalDate date;
    final Instant end;
    private final int most;

    private final Map<Salt.Token, Spent> clients = new ConcurrentHashMap<>();
    private final Map<Long, Integer> openers = new ConcurrentHashMap<>();
    private final AtomicLong drawn = new AtomicLong();
    private volatile Salt salt;
    private volatile Set<Long> familiarBefore;

    /**
     * @param familiarBefore the offers that many opened the day before
     * @param most how many clients without a key it remembers
     */
    Day(LocalDate date, Salt salt, Set<Long> familiarBefore, int most) {
        this.date = date;
        this.end = date.plusDays(1).atStartOfDay(ZONE).toInstant();
        this.salt = salt;
        this.familiarBefore = familiarBefore;
        this.most = most;
    }

    static LocalDate date(Instant now) {
        return now.atZone(ZONE).toLocalDate();
    }

    Salt salt() {
        return salt;
    }

    /** Whom the old one made known is known no more, and begins anew; what they drew stays drawn. */
    synchronized void adopt(Salt other) {
        if (!salt.equals(other)) {
            clients.clear();
            salt = other;
        }
    }

    Set<Long> familiarBefore() {
        return familiarBefore;
    }

    void familiarBefore(Set<Long> offers) {
        familiarBefore = offers;
    }

    /** What the client has spent, or null when there are too many clients to remember one more without a key. */
    Spent spent(Salt.Token client, boolean hasKey) {
        Spent known = clients.get(client);
        if (known != null || clients.size() >= most && !hasKey) {
            return known;
        }
        return clients.computeIfAbsent(client, token -> new Spent());
    }

    boolean isFamiliar(long offer) {
        return openers.getOrDefault(offer, 0) >= FAMILIAR || familiarBefore.contains(offer);
    }

    void open(long offer) {
        openers.merge(offer, 1, Integer::sum);
    }

    /** Takes one from the pool, if there is one left. */
    boolean draw(long pool) {
        return drawn.getAndUpdate(taken -> taken < pool ? taken + 1 : taken) < pool;
    }

    /** An opening that another process, or a former one, has granted. */
    void learn(Opening opening) {
        Spent spent = spent(opening.client(), opening.kind() == Opening.Kind.KEY);
        if (spent != null) {
            synchronized (spent) {
                if (!spent.add(opening.offer())) {
                    return;
                }
                switch (opening.kind()) {
                    case FAMILIAR -> spent.familiar++;
                    case FREE, DRAWN -> spent.unopened++;
                    case KEY -> {}
                }
            }
        }
        if (opening.kind() == Opening.Kind.DRAWN) {
            drawn.incrementAndGet();
        }
        if (opening.kind() != Opening.Kind.KEY) {
            open(opening.offer());
        }
    }

    /** The offers that most clients opened, no more than this number. */
    Set<Long> favourites(int number) {
        return openers.entrySet().stream()
                .filter(entry -> entry.getValue() >= FAMILIAR)
                .sorted(Map.Entry.<Long, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(number)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
