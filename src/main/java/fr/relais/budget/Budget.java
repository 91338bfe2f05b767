package fr.relais.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import fr.relais.settings.BudgetSettings;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * The limits on how many offers the public may open, so that nobody copies the base (licence, article 3.1). A budget
 * decides in memory; {@link Openings} shares its state with other processes.
 *
 * <p>An offer is <em>familiar</em> once two clients without a key have opened it on the same day, or when it is a
 * favourite of the day before. Familiar offers are free. All other offers are <em>unopened</em>. A client may open
 * {@link BudgetSettings.Limits#unopened} of them, and two more for each familiar offer that it opens. The additional
 * ones are drawn from a pool for all clients, which is {@link BudgetSettings.Limits#share} of the base. A client that
 * has asked for {@link BudgetSettings.Limits#offers} unopened offers is refused every offer that it has not opened yet.
 *
 * <p>The same limits apply to the prefixes around a client, multiplied by {@link Pseudonym#FACTORS}. Thousands of
 * people may share a prefix, but a fleet of scrapers within one prefix gains little. When a prefix has used up its
 * unopened offers, its clients still get familiar ones.
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

    /** The number of clients and prefixes that are kept in memory. They take at most about 100 MB. */
    private static final int MAX_USAGES = 250_000;

    private static final int MAX_BUCKETS = 100_000;

    /** The factor for the rate of a client with a key, because a site sends the requests of many visitors. */
    public static final int KEY_RATE = 10;

    private final BudgetSettings.Limits limits;
    private final SearchEngines searchEngines;
    private final Clock clock;
    private final int maxUsages;
    private final Cache<Pseudonym, Bucket> buckets;
    private final Map<BudgetDecision.Reason, LongAdder> refusals = new EnumMap<>(BudgetDecision.Reason.class);
    private volatile Pseudonymizer nextPseudonymizer = Pseudonymizer.random();
    private volatile DailyBudget today;
    private volatile long base;

    /** @param searchEngines the search engines that are exempt from the budget */
    public Budget(BudgetSettings.Limits limits, SearchEngines searchEngines, Clock clock) {
        this(limits, searchEngines, clock, MAX_USAGES);
    }

    Budget(BudgetSettings.Limits limits, SearchEngines searchEngines, Clock clock, int maxUsages) {
        this.limits = limits;
        this.searchEngines = searchEngines;
        this.clock = clock;
        this.maxUsages = maxUsages;
        this.today = new DailyBudget(DailyBudget.date(clock.instant()), Pseudonymizer.random(), Set.of(), maxUsages);
        for (BudgetDecision.Reason reason : BudgetDecision.Reason.values()) {
            refusals.put(reason, new LongAdder());
        }
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
        return exempt(client, countRequest(day.pseudonymizer().pseudonym(client), client));
    }

    private BudgetDecision exempt(Client client, BudgetDecision decision) {
        if (decision instanceof BudgetDecision.Refused refused) {
            if (client.address().filter(searchEngines::match).isPresent()) {
                return new BudgetDecision.Granted();
            }
            refusals.get(refused.reason()).increment();
        }
        return decision;
    }

    /** Returns the number of requests that this process has refused for a reason. */
    public long refusals(BudgetDecision.Reason reason) {
        return refusals.get(reason).sum();
    }

    private BudgetDecision decide(Client client, String offerId) {
        Instant now = clock.instant();
        DailyBudget day = day(now);
        Pseudonym pseudonym = day.pseudonymizer().pseudonym(client);
        BudgetDecision rate = countRequest(pseudonym, client);
        if (rate instanceof BudgetDecision.Refused) {
            return rate;
        }
        BudgetDecision.Reason refusal = day.open(pseudonym, Opening.digest(offerId), client.hasKey(), limits, pool());
        return refusal == null
                ? new BudgetDecision.Granted()
                : new BudgetDecision.Refused(Duration.between(now, day.end), refusal);
    }

    private BudgetDecision countRequest(Pseudonym client, Client owner) {
        List<Pseudonym> levels = owner.hasKey() ? List.of(client) : client.levels();
        for (int i = 0; i < levels.size(); i++) {
            int perMinute = limits.requestsPerMinute() * (owner.hasKey() ? KEY_RATE : Pseudonym.FACTORS[i]);
            ConsumptionProbe rate =
                    buckets.get(levels.get(i), key -> bucket(perMinute)).tryConsumeAndReturnRemaining(1);
            if (!rate.isConsumed()) {
                return new BudgetDecision.Refused(
                        Duration.ofNanos(rate.getNanosToWaitForRefill()), BudgetDecision.Reason.RATE);
            }
        }
        return new BudgetDecision.Granted();
    }

    /** Sets the number of offers in the base. Before the first call, the pool has its smallest size. */
    void base(long offers) {
        base = offers;
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
                    maxUsages);
            nextPseudonymizer = Pseudonymizer.random();
        }
        return today;
    }

    private long pool() {
        return Math.max(MIN_POOL, (long) (base * limits.share()));
    }

    private Bucket bucket(int requests) {
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
