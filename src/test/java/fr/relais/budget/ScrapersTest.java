package fr.relais.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import fr.relais.settings.Settings;
import fr.relais.simulator.SettableClock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Simulates a day of ordinary visitors and then a day on which a fleet of scrapers wants the base besides, with the default budget. With
 * no budget the fleets get more than stated, and with a tighter one visitors are refused: so both bounds can fail.
 */
class ScrapersTest {

    private static final int BASE = 10_000;
    private static final int VISITORS = 2_000;
    private static final LocalDate BEFORE = LocalDate.of(2026, 11, 17);
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    /** Seeds from 1. */
    private static final int DAYS = Integer.getInteger("relais.scrapers.days", 3);

    private static final Budget.Limits LIMITS = limits();

    /** Addresses, their prefixes, and the greatest share of the base that they get in a day, as README states it. */
    static Stream<Arguments> fleets() {
        return Stream.of(
                        arguments(1, 1, 0.01),
                        arguments(50, 50, 0.18),
                        arguments(500, 500, 0.60),
                        arguments(500, 2, 0.02))
                .flatMap(fleet -> Stream.of(Fleet.Strategy.values())
                        .filter(strategy -> strategy != Fleet.Strategy.MIMICKING)
                        .map(strategy -> arguments(Stream.concat(Stream.of(fleet.get()), Stream.of(strategy))
                                .toArray())));
    }

    @ParameterizedTest(name = "{0} addresses in {1} prefixes, {3}")
    @MethodSource("fleets")
    void get_less_than_the_stated_share_and_ordinary_visitors_what_they_want(
            int addresses, int prefixes, double stated, Fleet.Strategy strategy) {
        Seen seen = simulate(addresses, prefixes, strategy, stated);

        assertThat(seen.share).isBetween(stated / 2, stated);
        // A visitor who opens twenty offers, nearly all of which nobody else opens, looks like a scraper to a pool that
        // is empty.
        assertThat(seen.refused).isLessThanOrEqualTo(prefixes < 50 ? 0 : seen.visits / 10_000);
    }

    @ParameterizedTest(name = "{0} addresses in {1} prefixes")
    @CsvSource({"1, 1, 0.01", "50, 50, 0.18", "500, 500, 0.60", "500, 2, 0.02"})
    void would_get_more_than_the_stated_share_without_a_budget_even_slowly(int addresses, int prefixes, double stated) {
        Budget.Limits none = new Budget.Limits(10_000_000, 1_000_000, 1_000_000, 1, 1_000_000);

        assertThat(simulate(1, none, addresses, prefixes, Fleet.Strategy.SLOW).share)
                .isGreaterThan(stated);
    }

    @Test
    void visitors_would_be_refused_by_a_tighter_budget() {
        Budget.Limits tight = new Budget.Limits(LIMITS.requestsPerMinute(), LIMITS.offers(), 3, 0, LIMITS.keyOffers());

        assertThat(simulate(1, tight, 0, 1, Fleet.Strategy.SLOW).refused).isPositive();
    }

    /** These fleets empty the pool, so that some visitors are refused; their share is bounded all the same. */
    @ParameterizedTest(name = "{0} addresses")
    @CsvSource({"1, 0.01", "50, 0.28", "500, 0.70"})
    void get_no_more_by_looking_like_visitors_than_the_bound(int addresses, double stated) {
        Seen seen = simulate(addresses, addresses, Fleet.Strategy.MIMICKING, stated);

        assertThat(seen.share).isLessThanOrEqualTo(stated);
        assertThat(seen.refused).isLessThanOrEqualTo(seen.visits / 50);
    }

    @Test
    void without_scrapers_nobody_is_refused_not_even_on_the_first_day() {
        for (int seed = 1; seed <= DAYS; seed++) {
            assertThat(simulate(seed, LIMITS, 0, 1, Fleet.Strategy.SLOW).refused)
                    .isZero();
        }
    }

    /** @param visits of the second day; the refusals are those of both days */
    private record Seen(double share, int visits, int refused) {}

    /** The greatest share of all days, and the refusals of all. */
    private static Seen simulate(int addresses, int prefixes, Fleet.Strategy strategy, double stated) {
        Seen sum = new Seen(0, 0, 0);
        for (int seed = 1; seed <= DAYS; seed++) {
            Seen seen = simulate(seed, LIMITS, addresses, prefixes, strategy);
            sum = new Seen(Math.max(sum.share, seen.share), sum.visits + seen.visits, sum.refused + seen.refused);
        }
        System.out.printf(
                Locale.ROOT,
                "| %d in %d | %s | %.1f %% | %.0f %% | %d of %d |%n",
                addresses,
                prefixes,
                strategy.name().toLowerCase(Locale.ROOT),
                100 * sum.share,
                100 * stated,
                sum.refused,
                sum.visits);
        return sum;
    }

    private static Seen simulate(int seed, Budget.Limits limits, int addresses, int prefixes, Fleet.Strategy strategy) {
        Random random = new Random(seed);
        Crowd crowd = new Crowd(BASE, random);
        SettableClock clock = new SettableClock(midnight(0));
        Budget budget = new Budget(limits, SearchEnginesTest.none(), clock);
        budget.base(BASE);
        int refused = visit(budget, clock, midnight(0), crowd.day(VISITORS), null);
        Fleet fleet = new Fleet(BASE, addresses, prefixes, strategy, crowd.popular(200), random);
        List<Crowd.Visit> visits = crowd.day(VISITORS);
        refused += visit(budget, clock, midnight(1), visits, fleet);
        return new Seen(fleet.share(), visits.size(), refused);
    }

    private static int visit(
            Budget budget, SettableClock clock, Instant midnight, List<Crowd.Visit> visits, Fleet fleet) {
        int refused = 0;
        int second = 0;
        for (Crowd.Visit visit : visits) {
            while (fleet != null && second < visit.second()) {
                clock.set(midnight.plusSeconds(second));
                fleet.ask(budget, second);
                second += 10;
            }
            clock.set(midnight.plusSeconds(visit.second()));
            BudgetDecision answer = budget.tryOpen(Client.at(visit.address()), "offer" + visit.offer());
            refused += answer instanceof BudgetDecision.Granted ? 0 : 1;
        }
        return refused;
    }

    private static Instant midnight(int day) {
        return BEFORE.plusDays(day).atStartOfDay(PARIS).toInstant();
    }

    private static Budget.Limits limits() {
        return Settings.of(Map.of("relais.source.client-id", "PAR_test", "relais.source.client-secret", "s3cr3t"))
                .budget()
                .limits();
    }
}
