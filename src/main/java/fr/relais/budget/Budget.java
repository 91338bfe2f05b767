package fr.relais.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The limits on how many offers the public may open, so that nobody copies the base (licence, article 3.1). A budget
 * decides in memory; {@link Openings} shares its state with other processes.
 *
 * <p>An offer is <em>familiar</em> once two clients without a key have opened it on the same day, or when it is a
 * favourite of the day before. All other offers are <em>unopened</em>. On one day, all clients without a key together
 * can open at most:
 *
 * <ul>
 *   <li>{@link Limits#unopened} unopened offers for each client;
 *   <li>more unopened offers from a common pool, which is {@link Limits#share} of the base;
 *   <li>the favourites of the day before, which are at most {@link #FAVOURITES} of the base.
 * </ul>
 *
 * <p>Days are those of Europe/Paris. Safe for use by many threads.
 */
public final class Budget {

    /**
     * The largest share of the base that stays familiar on the next day. Without this bound, a fleet of clients could
     * make the whole base familiar.
     */
    static final double FAVOURITES = 0.02;

    /** The smallest pool, in offers, for a base so small that its share would be close to zero. */
    private static final long MIN_POOL = 100;

    /** The number of clients that are kept in memory. They take about 50 MB when each has opened a few offers. */
    private static final int MAX_CLIENTS = 250_000;

    private static final int MAX_BUCKETS = 100_000;

    /** The factor for the rate of a client with a key, because a site sends the requests of many visitors. */
    public static final int KEY_RATE = 10;

    private final Limits limits;
    private final SearchEngines searchEngines;
    private final Clock clock;
    private final int maxClients;
    private final Cache<Pseudonym, Bucket> buckets;
    private final ConcurrentLinkedQueue<Opening> unwritten = new ConcurrentLinkedQueue<>();
    private volatile Pseudonymizer nextPseudonymizer = Pseudonymizer.random();
    private volatile DailyBudget today;
    private volatile long base;

    /**
     * The settings {@code relais.budget.*}, which {@code relais.properties} describes.
     *
     * @param share the size of the common pool as a share of the base, from 0 to 1
     */
    public record Limits(int requestsPerMinute, int offers, int unopened, double share, int keyOffers) {}

    /** @param searchEngines the search engines that are exempt from the budget */
    public Budget(Limits limits, SearchEngines searchEngines, Clock clock) {
        this(limits, searchEngines, clock, MAX_CLIENTS);
    }

    Budget(Limits limits, SearchEngines searchEngines, Clock clock, int maxClients) {
        this.limits = limits;
        this.searchEngines = searchEngines;
        this.clock = clock;
        this.maxClients = maxClients;
        this.today = new DailyBudget(DailyBudget.date(clock.instant()), Pseudonymizer.random(), Set.of(), maxClients);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_BUCKETS)
                .expireAfterAccess(Duration.ofMinutes(2))
                .ticker(() -> nanos(clock.instant()))
                .build();
    }

    /**
     * Grants an offer to a client and counts it, or refuses it. A decision takes microseconds. Only a refusal can take
     * longer: when search engines are exempt, the client's address is looked up.
     *
     * @param offerId the offer's id, which is counted even when there is no such offer
     */
    public BudgetDecision tryOpen(Client client, String offerId) {
        return exempt(client, decide(client, offerId));
    }

    /** Grants a request that opens no offer, or refuses it when the client sends too many requests per minute. */
    public BudgetDecision tryRequest(Client client) {
        DailyBudget day = day(clock.instant());
        return exempt(client, countRequest(day.pseudonymizer().pseudonym(client.identity()), client));
    }

    private BudgetDecision exempt(Client client, BudgetDecision decision) {
        boolean exempt = decision instanceof BudgetDecision.Refused
                && client.address().filter(searchEngines::match).isPresent();
        return exempt ? new BudgetDecision.Granted() : decision;
    }

    private BudgetDecision decide(Client client, String offerId) {
        Instant now = clock.instant();
        DailyBudget day = day(now);
        Pseudonym pseudonym = day.pseudonymizer().pseudonym(client.identity());
        BudgetDecision rate = countRequest(pseudonym, client);
        if (rate instanceof BudgetDecision.Refused) {
            return rate;
        }
        long offer = Opening.digest(offerId);
        ClientUsage usage = day.usage(pseudonym, client.hasKey());
        BudgetDecision.Reason refusal;
        if (usage == null) {
            refusal = chargePool(day, pseudonym, offer);
        } else {
            synchronized (usage) {
                refusal = usage.has(offer) ? null : charge(day, pseudonym, usage, offer, client.hasKey());
            }
        }
        return refusal == null
                ? new BudgetDecision.Granted()
                : new BudgetDecision.Refused(Duration.between(now, day.end), refusal);
    }

    private BudgetDecision countRequest(Pseudonym pseudonym, Client client) {
        ConsumptionProbe rate = buckets.get(pseudonym, key -> bucket(client)).tryConsumeAndReturnRemaining(1);
        return rate.isConsumed()
                ? new BudgetDecision.Granted()
                : new BudgetDecision.Refused(
                        Duration.ofNanos(rate.getNanosToWaitForRefill()), BudgetDecision.Reason.RATE);
    }

    /**
     * Charges a client for an offer that it has not opened that day. Returns the reason for a refusal, or null when the
     * offer is granted.
     */
    private BudgetDecision.Reason charge(
            DailyBudget day, Pseudonym client, ClientUsage usage, long offer, boolean hasKey) {
        if (usage.offers() >= (hasKey ? limits.keyOffers() : limits.offers())) {
            return BudgetDecision.Reason.OFFERS;
        }
        Opening.Kind kind;
        if (hasKey) {
            kind = Opening.Kind.KEY;
        } else if (day.isFamiliar(offer)) {
            usage.familiar++;
            kind = Opening.Kind.FAMILIAR;
        } else {
            usage.unopened++;
            int beyondFree = usage.unopened - limits.unopened();
            if (beyondFree <= 0) {
                kind = Opening.Kind.FREE;
            } else if (day.draw(poolLimit(beyondFree, usage.familiar))) {
                kind = Opening.Kind.DRAWN;
            } else {
                return BudgetDecision.Reason.UNOPENED;
            }
        }
        usage.add(offer);
        if (!hasKey) {
            day.countOpener(offer);
        }
        unwritten.add(new Opening(day.date, client, offer, kind));
        return null;
    }

    /**
     * Returns how many offers all clients together may have drawn from the pool before it counts as empty for this
     * client.
     *
     * @param beyondFree the number of unopened offers that the client has asked for beyond its free ones
     * @param familiar the number of familiar offers that the client has opened
     */
    private long poolLimit(int beyondFree, int familiar) {
        // Visitors mostly open offers that other visitors open too. Half of the pool is reserved for such clients.
        if (beyondFree <= Math.max(familiar, 2 * familiar - 2)) {
            return pool();
        }
        return beyondFree <= limits.unopened() ? pool() / 2 : pool() / 4;
    }

    /**
     * Charges a client without a key while memory is full. Familiar offers are free; all others are drawn from half of
     * the pool. Returns the reason for a refusal, or null when the offer is granted.
     */
    private BudgetDecision.Reason chargePool(DailyBudget day, Pseudonym client, long offer) {
        if (day.isFamiliar(offer)) {
            return null;
        }
        if (!day.draw(pool() / 2)) {
            return BudgetDecision.Reason.UNOPENED;
        }
        unwritten.add(new Opening(day.date, client, offer, Opening.Kind.DRAWN));
        return null;
    }

    /** Sets the number of offers in the base. Before the first call, the pool has its smallest size. */
    void base(long offers) {
        base = offers;
    }

    /**
     * Returns the openings of today that are not in the database yet, and removes them from memory. Openings of former
     * days are dropped.
     */
    List<Opening> takeUnwritten() {
        LocalDate date = today().date;
        List<Opening> openings = new ArrayList<>();
        for (Opening next = unwritten.poll(); next != null; next = unwritten.poll()) {
            if (next.day().equals(date)) {
                openings.add(next);
            }
        }
        return openings;
    }

    /** Keeps openings that could not be written, for the next exchange. */
    void giveBack(List<Opening> openings) {
        unwritten.addAll(openings);
    }

    DailyBudget today() {
        return day(clock.instant());
    }

    /** Returns the pseudonymizer of the day after {@link #today}. */
    Pseudonymizer nextPseudonymizer() {
        return nextPseudonymizer;
    }

    void nextPseudonymizer(Pseudonymizer pseudonymizer) {
        nextPseudonymizer = pseudonymizer;
    }

    private DailyBudget day(Instant now) {
        DailyBudget day = today;
        return now.isBefore(day.end) ? day : next(now);
    }

    private synchronized DailyBudget next(Instant now) {
        if (!now.isBefore(today.end)) {
            LocalDate date = DailyBudget.date(now);
            boolean follows = date.equals(today.date.plusDays(1));
            today = new DailyBudget(
                    date,
                    follows ? nextPseudonymizer : Pseudonymizer.random(),
                    follows ? today.favourites((int) (base * FAVOURITES)) : Set.of(),
                    maxClients);
            nextPseudonymizer = Pseudonymizer.random();
        }
        return today;
    }

    private long pool() {
        return Math.max(MIN_POOL, (long) (base * limits.share()));
    }

    private Bucket bucket(Client client) {
        int requests = limits.requestsPerMinute() * (client.hasKey() ? KEY_RATE : 1);
        return Bucket.builder()
                .addLimit(limit -> limit.capacity(requests).refillGreedy(requests, Duration.ofMinutes(1)))
                .withCustomTimePrecision(new TimeMeter() {
                    @Override
                    public long currentTimeNanos() {
                        return nanos(clock.instant());
                    }

                    @Override
                    public boolean isWallClockBased() {
                        return true;
                    }
                })
                .build();
    }

    /** Returns the nanoseconds since 1970, for measuring intervals. */
    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
