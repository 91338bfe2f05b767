package fr.relais.budget;

import fr.relais.settings.BudgetSettings;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The budget of one day in Europe/Paris: the usage of each client and prefix, the familiar offers and the draws from
 * the pool. Safe for use by many threads.
 */
final class DailyBudget {

    /**
     * The number of clients that must open an offer to make it familiar. With two, a fleet of clients pays twice for
     * each offer.
     */
    private static final int MIN_OPENERS = 2;

    /**
     * The weight of a request for an unopened offer when a prefix of the client has used up its ceiling. With a weight
     * of one, a fleet within the prefix would find the familiar offers by trying all.
     */
    private static final int WEIGHT_BEYOND_CEILING = 20;

    private static final ZoneId ZONE = ZoneId.of("Europe/Paris");

    final LocalDate date;
    final Instant end;
    private final int maxUsages;

    private final Map<Pseudonym, Usage> usages = new HashMap<>();
    private final Map<Long, Integer> openers = new HashMap<>();
    private List<Opening> unwritten = new ArrayList<>();
    private long drawn;
    private Pseudonymizer pseudonymizer;
    private Set<Long> familiarBefore;

    /** What one client, or all clients of one prefix together, have opened on this day. */
    private static final class Usage {

        /** The offers of a client; empty for a prefix. */
        private final Set<Long> offers = new HashSet<>(4);

        private int familiar;

        /**
         * The number of unopened offers that were asked for, granted or not. A client's requests beyond the ceiling of
         * a prefix have a larger weight.
         */
        private int unopened;

        void count(boolean isFamiliar) {
            if (isFamiliar) {
                familiar++;
            } else {
                unopened++;
            }
        }
    }

    /**
     * @param familiarBefore the familiar offers of the day before that the most clients opened
     * @param maxUsages the number of clients and prefixes in memory above which none without a key is added
     */
    DailyBudget(LocalDate date, Pseudonymizer pseudonymizer, Set<Long> familiarBefore, int maxUsages) {
        this.date = date;
        this.end = date.plusDays(1).atStartOfDay(ZONE).toInstant();
        this.pseudonymizer = pseudonymizer;
        this.familiarBefore = familiarBefore;
        this.maxUsages = maxUsages;
    }

    static LocalDate date(Instant now) {
        return now.atZone(ZONE).toLocalDate();
    }

    synchronized Pseudonymizer pseudonymizer() {
        return pseudonymizer;
    }

    /** Adopts the salt of other processes. A new salt resets each usage; draws from the pool still count. */
    synchronized void adopt(Pseudonymizer other) {
        if (!pseudonymizer.equals(other)) {
            usages.clear();
            pseudonymizer = other;
        }
    }

    synchronized Set<Long> familiarBefore() {
        return familiarBefore;
    }

    synchronized void familiarBefore(Set<Long> offers) {
        familiarBefore = offers;
    }

    /**
     * Grants an offer to a client and counts it. Returns the reason for a refusal, or null when the offer is granted.
     *
     * @param pool the size of the pool
     */
    synchronized BudgetDecision.Reason open(
            Pseudonym client, long offer, boolean hasKey, BudgetSettings.Limits limits, long pool) {
        List<Usage> levels = usages(client, hasKey);
        if (!levels.isEmpty() && levels.get(0).offers.contains(offer)) {
            return null;
        }
        boolean isFamiliar = isFamiliar(offer);
        Opening.Kind kind;
        if (hasKey) {
            if (levels.get(0).offers.size() >= limits.keyOffers()) {
                return BudgetDecision.Reason.OFFERS;
            }
            kind = Opening.Kind.KEY;
        } else {
            if (!levels.isEmpty() && levels.get(0).unopened >= limits.offers()) {
                return BudgetDecision.Reason.OFFERS;
            }
            if (!isFamiliar && isUsedUp(levels, limits)) {
                levels.get(0).unopened += WEIGHT_BEYOND_CEILING;
                return BudgetDecision.Reason.UNOPENED;
            }
            levels.forEach(level -> level.count(isFamiliar));
            if (isFamiliar) {
                kind = Opening.Kind.FAMILIAR;
            } else if (exceeds(levels, limits)) {
                return BudgetDecision.Reason.UNOPENED;
            } else if (!levels.isEmpty() && levels.get(0).unopened <= limits.unopened()) {
                kind = Opening.Kind.FREE;
            } else if (drawn < pool) {
                kind = Opening.Kind.DRAWN;
            } else {
                return BudgetDecision.Reason.UNOPENED;
            }
        }
        record(levels, offer, kind);
        unwritten.add(new Opening(date, client, offer, kind));
        return null;
    }

    /** Returns whether a prefix of a client has used up its ceiling of unopened offers. */
    private static boolean isUsedUp(List<Usage> levels, BudgetSettings.Limits limits) {
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i).unopened >= limits.offers() * Pseudonym.FACTORS[i]) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns whether a client or one of its prefixes has asked for more unopened offers than its familiar ones allow.
     */
    private static boolean exceeds(List<Usage> levels, BudgetSettings.Limits limits) {
        for (int i = 0; i < levels.size(); i++) {
            Usage level = levels.get(i);
            if (level.unopened > limits.unopened() * Pseudonym.FACTORS[i] + 2 * level.familiar) {
                return true;
            }
        }
        return false;
    }

    /** Adds an opening that another process or an earlier run of this process has granted. */
    synchronized void add(Opening opening) {
        boolean hasKey = opening.kind() == Opening.Kind.KEY;
        List<Usage> levels = usages(opening.client(), hasKey);
        if (levels.isEmpty() || !levels.get(0).offers.contains(opening.offer())) {
            if (!hasKey) {
                levels.forEach(level -> level.count(opening.kind() == Opening.Kind.FAMILIAR));
            }
            record(levels, opening.offer(), opening.kind());
        }
    }

    private void record(List<Usage> levels, long offer, Opening.Kind kind) {
        if (!levels.isEmpty()) {
            levels.get(0).offers.add(offer);
        }
        if (kind == Opening.Kind.DRAWN) {
            drawn++;
        }
        if (kind != Opening.Kind.KEY) {
            openers.merge(offer, 1, Integer::sum);
        }
    }

    /**
     * Returns the usages of a client and of its prefixes, the client's first. Returns none for an unknown client while
     * memory is full. Such a client gets familiar offers, and draws all others from the pool.
     */
    private List<Usage> usages(Pseudonym client, boolean hasKey) {
        if (!hasKey && usages.size() >= maxUsages && !usages.containsKey(client)) {
            return List.of();
        }
        return (hasKey ? List.of(client) : client.levels())
                .stream()
                        .map(level -> usages.computeIfAbsent(level, unknown -> new Usage()))
                        .toList();
    }

    private boolean isFamiliar(long offer) {
        return openers.getOrDefault(offer, 0) >= MIN_OPENERS || familiarBefore.contains(offer);
    }

    /** Returns the number of offers that a client has opened. */
    synchronized int opened(Pseudonym client) {
        Usage usage = usages.get(client);
        return usage == null ? 0 : usage.offers.size();
    }

    /** Returns the openings that are not in the database yet, and removes them from memory. */
    synchronized List<Opening> takeUnwritten() {
        List<Opening> taken = unwritten;
        unwritten = new ArrayList<>();
        return taken;
    }

    /** Keeps openings that could not be written, for the next exchange. Openings of former days are dropped. */
    synchronized void giveBack(List<Opening> openings) {
        openings.stream().filter(opening -> opening.day().equals(date)).forEach(unwritten::add);
    }

    /** Returns the familiar offers that the most clients opened, at most {@code number} of them. */
    synchronized Set<Long> favourites(int number) {
        return openers.entrySet().stream()
                .filter(entry -> entry.getValue() >= MIN_OPENERS)
                .sorted(Map.Entry.<Long, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(number)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }
}
