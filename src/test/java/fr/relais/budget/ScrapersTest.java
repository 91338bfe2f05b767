package fr.relais.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import fr.relais.settings.BudgetSettings;
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
 * Tests of the default budget with a simulated day of ordinary visitors, followed by a day on which a fleet of scrapers
 * also tries to copy the base. Both bounds can fail: without a budget the fleets get more than the stated share, and
 * with a tighter budget visitors are refused.
 */
class ScrapersTest {

    private static final int BASE = 10_000;
    private static final int VISITORS = 2_000;
    private static final LocalDate BEFORE = LocalDate.of(2026, 11, 17);
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    /** The number of simulated days with each fleet; the seeds are 1, 2 and so on. */
    private static final int DAYS = Integer.getInteger("tests.scrapers.days", 1);

    private static final BudgetSettings.Limits LIMITS = limits();

    /**
     * Returns the number of addresses, the number of their prefixes, the maximum share of the base that they get in a
     * day, as {@code src/docs/measurements.md} states it, and the strategy.
     */
    static Stream<Arguments> fleets() {
        return Stream.of(
                        arguments(1, 1, 0.01),
                        arguments(50, 50, 0.10),
                        arguments(500, 500, 0.55),
                        arguments(250, 1, 0.02),
                        arguments(500, 2, 0.04))
                .flatMap(fleet -> Stream.of(Fleet.Strategy.values())
                        .filter(strategy -> strategy != Fleet.Strategy.MIMICKING)
                        .map(strategy -> arguments(Stream.concat(Stream.of(fleet.get()), Stream.of(strategy))
                                .toArray())));
    }

    @ParameterizedTest(name = "{0} addresses in {1} prefixes, {3}")
    @MethodSource("fleets")
    void scrapers_get_at_most_the_stated_share_and_hardly_any_visitor_is_refused(
            int addresses, int prefixes, double stated, Fleet.Strategy strategy) {
        Run run = simulate(addresses, prefixes, strategy, stated);

        assertThat(run.share).isPositive().isLessThanOrEqualTo(stated);
        assertThat(run.refused).isLessThanOrEqualTo(prefixes < 50 ? 0 : run.visits / 10_000);
    }

    @ParameterizedTest(name = "{0} addresses in {1} prefixes")
    @CsvSource({"1, 1, 0.01", "50, 50, 0.10", "250, 1, 0.02"})
    void without_a_budget_even_slow_scrapers_exceed_the_stated_share(int addresses, int prefixes, double stated) {
        BudgetSettings.Limits unlimited = new BudgetSettings.Limits(10_000_000, 1_000_000, 1_000_000, 1, 1_000_000);

        assertThat(simulate(1, unlimited, addresses, prefixes, Fleet.Strategy.SLOW).share)
                .isGreaterThan(stated);
    }

    @Test
    void a_tighter_budget_refuses_visitors() {
        BudgetSettings.Limits tight =
                new BudgetSettings.Limits(LIMITS.requestsPerMinute(), LIMITS.offers(), 3, 0, LIMITS.keyOffers());

        assertThat(simulate(1, tight, 0, 1, Fleet.Strategy.SLOW).refused).isPositive();
    }

    /** These fleets empty the pool, so some visitors are refused. The fleets' share is bounded all the same. */
    @ParameterizedTest(name = "{0} addresses in {1} prefixes")
    @CsvSource({"1, 1, 0.03", "50, 50, 0.28", "500, 500, 0.70", "250, 1, 0.13"})
    void scrapers_that_imitate_visitors_get_at_most_the_stated_share(int addresses, int prefixes, double stated) {
        Run run = simulate(addresses, prefixes, Fleet.Strategy.MIMICKING, stated);

        assertThat(run.share).isLessThanOrEqualTo(stated);
        assertThat(run.refused).isLessThanOrEqualTo(run.visits / 50);
    }

    @ParameterizedTest
    @CsvSource({"2000, TOWN", "10000, CARRIER", "2000, HOME", "10000, PHONE"})
    void without_scrapers_nobody_is_refused_on_an_ordinary_day(int visitors, Crowd.Place place) {
        for (int seed = 1; seed <= DAYS; seed++) {
            Crowd crowd = new Crowd(BASE, new Random(seed));
            SettableClock clock = new SettableClock(midnight(0));
            Budget budget = new Budget(LIMITS, SearchEnginesTest.none(), clock);
            budget.base(BASE);
            List<Crowd.Visit> first = crowd.day(visitors, place);
            // On the very first day, no offer is familiar yet.
            assertThat(visit(budget, clock, midnight(0), first, null))
                    .as("refused on the first day, seed %d", seed)
                    .isLessThanOrEqualTo(first.size() / 500);

            assertThat(visit(budget, clock, midnight(1), crowd.day(visitors, place), null))
                    .as("refused on the second day, seed %d", seed)
                    .isZero();
        }
    }

    /**
     * The result of simulated days.
     *
     * @param share the share of the base that the fleet got
     * @param visits the number of visits on the second day
     * @param refused the number of visits that were refused on the second day
     */
    private record Run(double share, int visits, int refused) {}

    /** Returns the largest share, and the sums of the visits and refusals, of all days. Prints them as a table row. */
    private static Run simulate(int addresses, int prefixes, Fleet.Strategy strategy, double stated) {
        Run sum = new Run(0, 0, 0);
        for (int seed = 1; seed <= DAYS; seed++) {
            Run day = simulate(seed, LIMITS, addresses, prefixes, strategy);
            sum = new Run(Math.max(sum.share, day.share), sum.visits + day.visits, sum.refused + day.refused);
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

    private static Run simulate(
            int seed, BudgetSettings.Limits limits, int addresses, int prefixes, Fleet.Strategy strategy) {
        Random random = new Random(seed);
        Crowd crowd = new Crowd(BASE, random);
        SettableClock clock = new SettableClock(midnight(0));
        Budget budget = new Budget(limits, SearchEnginesTest.none(), clock);
        budget.base(BASE);
        visit(budget, clock, midnight(0), crowd.day(VISITORS, Crowd.Place.TOWN), null);
        Fleet fleet = new Fleet(BASE, addresses, prefixes, strategy, crowd.popular(200), random);
        List<Crowd.Visit> visits = crowd.day(VISITORS, Crowd.Place.TOWN);
        int refused = visit(budget, clock, midnight(1), visits, fleet);
        return new Run(fleet.share(), visits.size(), refused);
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

    private static BudgetSettings.Limits limits() {
        return Settings.of(Map.of("relais.source.client-id", "PAR_test", "relais.source.client-secret", "s3cr3t"))
                .budget()
                .limits();
    }
}
