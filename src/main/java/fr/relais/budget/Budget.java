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
 * How many offers the public may open, so that nobody takes the base away (licence, article 3.1). It answers from memory;
 * {@link Openings} shares what it knows with other processes.
 *
 * <p>An offer that fewer than two other clients have opened this day is <em>unopened</em>. Whatever clients without a key do, together
 * they open for the first time no more offers than their number times {@link Limits#unopened}, and {@link Limits#share} of the base, and
 * those that many opened the day before, which are {@link #FAVOURITES} of the base at most.
 *
 * <p>The days are those of Europe/Paris. Safe for use by many threads.
 */
public final class Budget {

    /** The share of the base that stays familiar for a day more. It is bounded, or a fleet would make the base familiar day by day. */
    static final double FAVOURITES = 0.02;

    /** Of a small base, a share would be next to nothing. */
    private static final long LEAST_POOL = 100;

    /** Some 50 MB when each has opened a few offers. */
    private static final int CLIENTS = 250_000;

    private static final int BUCKETS = 100_000;

    /** Whoever has a key asks for many visitors. */
    private static final int RATE_WITH_KEY = 10;

    private final Limits limits;
    private final SearchEngines searchEngines;
    private final Clock clock;
    private final int mostClients;
    private final Cache<Salt.Token, Bucket> buckets;
    private final ConcurrentLinkedQueue<Opening> unwritten = new ConcurrentLinkedQueue<>();
    private volatile Salt nextSalt = Salt.random();
    private volatile Day today;
    private volatile long base;

    /**
     * See {@code relais.budget.*} in {@code relais.properties}.
     *
     * @param share from 0 to 1
     */
    public record Limits(int requestsPerMinute, int offers, int unopened, double share, int keyOffers) {}

    /** @param searchEngines whom it does not bind */
    public Budget(Limits limits, SearchEngines searchEngines, Clock clock) {
        this(limits, searchEngines, clock, CLIENTS);
    }

    Budget(Limits limits, SearchEngines searchEngines, Clock clock, int mostClients) {
        this.limits = limits;
        this.searchEngines = searchEngines;
        this.clock = clock;
        this.mostClients = mostClients;
        this.today = new Day(Day.date(clock.instant()), Salt.random(), Set.of(), mostClients);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(BUCKETS)
                .expireAfterAccess(Duration.ofMinutes(2))
                .ticker(() -> nanos(clock.instant()))
                .build();
    }

    /**
     * Grants an offer to a client or refuses it. It costs some microseconds, unless search engines are to be told apart and a client
     * that is refused has to be looked up.
     *
     * @param offerId of an offer, whether there is one or not
     */
    public Answer ask(Client client, String offerId) {
        Answer answer = answer(client, offerId);
        boolean unbound = answer instanceof Answer.Refused
                && client.address().filter(searchEngines::isOne).isPresent();
        return unbound ? new Answer.Granted() : answer;
    }

    private Answer answer(Client client, String offerId) {
        Instant now = clock.instant();
        Day day = day(now);
        Salt.Token token = day.salt().token(client.identity());
        ConsumptionProbe rate = buckets.get(token, key -> bucket(client)).tryConsumeAndReturnRemaining(1);
        if (!rate.isConsumed()) {
            return new Answer.Refused(Duration.ofNanos(rate.getNanosToWaitForRefill()), Answer.Reason.RATE);
        }
        long offer = Opening.offer(offerId);
        Spent spent = day.spent(token, client.hasKey());
        Answer.Reason refusal;
        if (spent == null) {
            refusal = askOfAStranger(day, token, offer);
        } else {
            synchronized (spent) {
                refusal = spent.has(offer) ? null : ask(day, token, spent, offer, client.hasKey());
            }
        }
        return refusal == null ? new Answer.Granted() : new Answer.Refused(Duration.between(now, day.end), refusal);
    }

    /** Null when it is granted. */
    private Answer.Reason ask(Day day, Salt.Token client, Spent spent, long offer, boolean hasKey) {
        if (spent.offers() >= (hasKey ? limits.keyOffers() : limits.offers())) {
            return Answer.Reason.OFFERS;
        }
        Opening.Kind kind;
        if (hasKey) {
            kind = Opening.Kind.KEY;
        } else if (day.isFamiliar(offer)) {
            spent.familiar++;
            kind = Opening.Kind.FAMILIAR;
        } else {
            spent.unopened++;
            int beyond = spent.unopened - limits.unopened();
            if (beyond <= 0) {
                kind = Opening.Kind.FREE;
            } else if (day.draw(open(beyond, spent.familiar))) {
                kind = Opening.Kind.DRAWN;
            } else {
                return Answer.Reason.UNOPENED;
            }
        }
        spent.add(offer);
        if (!hasKey) {
            day.open(offer);
        }
        unwritten.add(new Opening(day.date, client, offer, kind));
        return null;
    }

    /** How far the pool is open to a client who wants its nth offer from it. */
    private long open(int beyond, int familiar) {
        // People mostly look at what other people look at, and half of the pool is left to those who do.
        if (beyond <= Math.max(familiar, 2 * familiar - 2)) {
            return pool();
        }
        return beyond <= limits.unopened() ? pool() / 2 : pool() / 4;
    }

    /** Of one client too many nothing is remembered, so it gets nothing for free but what is familiar. */
    private Answer.Reason askOfAStranger(Day day, Salt.Token client, long offer) {
        if (day.isFamiliar(offer)) {
            return null;
        }
        if (!day.draw(pool() / 2)) {
            return Answer.Reason.UNOPENED;
        }
        unwritten.add(new Opening(day.date, client, offer, Opening.Kind.DRAWN));
        return null;
    }

    /** How many offers there are. Before it is told, the pool is that of a small base. */
    void base(long offers) {
        base = offers;
    }

    /** The openings of today that no other process has been told yet; each is given once. */
    List<Opening> unwritten() {
        LocalDate date = today().date;
        List<Opening> openings = new ArrayList<>();
        for (Opening next = unwritten.poll(); next != null; next = unwritten.poll()) {
            if (next.day().equals(date)) {
                openings.add(next);
            }
        }
        return openings;
    }

    /** Openings that could not be told, for the next time. */
    void giveBack(List<Opening> openings) {
        unwritten.addAll(openings);
    }

    Day today() {
        return day(clock.instant());
    }

    /** The salt of the day after {@link #today}. */
    Salt nextSalt() {
        return nextSalt;
    }

    void nextSalt(Salt salt) {
        nextSalt = salt;
    }

    private Day day(Instant now) {
        Day day = today;
        return now.isBefore(day.end) ? day : next(now);
    }

    private synchronized Day next(Instant now) {
        if (!now.isBefore(today.end)) {
            LocalDate date = Day.date(now);
            boolean follows = date.equals(today.date.plusDays(1));
            today = new Day(
                    date,
                    follows ? nextSalt : Salt.random(),
                    follows ? today.favourites((int) (base * FAVOURITES)) : Set.of(),
                    mostClients);
            nextSalt = Salt.random();
        }
        return today;
    }

    private long pool() {
        return Math.max(LEAST_POOL, (long) (base * limits.share()));
    }

    private Bucket bucket(Client client) {
        int requests = limits.requestsPerMinute() * (client.hasKey() ? RATE_WITH_KEY : 1);
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

    /** Since 1970, for what measures times between. */
    static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano());
    }
}
