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
 * Limits how many offers the public may open, so that nobody copies the base (licence, article 3.1). It decides in memory;
 * {@link Openings} shares its state with other processes.
 *
 * <p>An offer is <em>familiar</em> once two clients have opened it that day, and <em>unopened</em> before. In a day, all clients
 * without a key together can open for the first time at most {@link Limits#unopened} offers each, {@link Limits#share} of the base from a
 * common pool, and the offers that are familiar from the day before, which are at most {@link #FAVOURITES} of the base.
 *
 * <p>Days are those of Europe/Paris. Safe for use by many threads.
 */
public final class Budget {

    /** The share of the base that stays familiar for another day. The bound stops a fleet from making all familiar. */
    static final double FAVOURITES = 0.02;

    /** The minimum pool, for a base so small that the share would be close to zero. */
    private static final long MIN_POOL = 100;

    /** About 50 MB when each has opened a few offers. */
    private static final int MAX_CLIENTS = 250_000;

    private static final int MAX_BUCKETS = 100_000;

    /** The rate with a key, as a multiple of that without: a site sends the requests of many visitors. */
    private static final int KEY_RATE = 10;

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
     * See {@code relais.budget.*} in {@code relais.properties}.
     *
     * @param share from 0 to 1
     */
    public record Limits(int requestsPerMinute, int offers, int unopened, double share, int keyOffers) {}

    /** @param searchEngines exempt from the budget */
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
     * Grants an offer to a client and counts it, or refuses it. Takes microseconds, except when search engines are exempt and the
     * address of a refused client has to be looked up.
     *
     * @param offerId counts whether or not there is such an offer
     */
    public BudgetDecision tryOpen(Client client, String offerId) {
        BudgetDecision decision = decide(client, offerId);
        boolean exempt = decision instanceof BudgetDecision.Refused
                && client.address().filter(searchEngines::isOne).isPresent();
        return exempt ? new BudgetDecision.Granted() : decision;
    }

    private BudgetDecision decide(Client client, String offerId) {
        Instant now = clock.instant();
        DailyBudget day = day(now);
        Pseudonym pseudonym = day.pseudonymizer().pseudonym(client.identity());
        ConsumptionProbe rate = buckets.get(pseudonym, key -> bucket(client)).tryConsumeAndReturnRemaining(1);
        if (!rate.isConsumed()) {
            return new BudgetDecision.Refused(
                    Duration.ofNanos(rate.getNanosToWaitForRefill()), BudgetDecision.Reason.RATE);
        }
        long offer = Opening.offer(offerId);
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

    /** Charges the client for an offer that is new to it. Returns the reason for a refusal, or null. */
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
            int beyond = usage.unopened - limits.unopened();
            if (beyond <= 0) {
                kind = Opening.Kind.FREE;
            } else if (day.draw(openPool(beyond, usage.familiar))) {
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

    /** The part of the pool that is open to a client for its nth offer from it. */
    private long openPool(int beyond, int familiar) {
        // Visitors mostly open what other visitors open. Half of the pool is left to those who do.
        if (beyond <= Math.max(familiar, 2 * familiar - 2)) {
            return pool();
        }
        return beyond <= limits.unopened() ? pool() / 2 : pool() / 4;
    }

    /** For a client without a key when memory is full: familiar offers are free, all others are drawn from the pool. */
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

    /** Sets how many offers there are. Until then the pool is that of a small base. */
    void base(long offers) {
        base = offers;
    }

    /** Takes the openings of today that are not in the database yet. */
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

    /** Returns openings that could not be written, for the next exchange. */
    void giveBack(List<Opening> openings) {
        unwritten.addAll(openings);
    }

    DailyBudget today() {
        return day(clock.instant());
    }

    /** The pseudonymizer of the day after {@link #today}. */
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

    /** Nanoseconds since 1970, for measuring intervals. */
    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
