package fr.relais.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import fr.relais.Settings;
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
import org.junit.jupiter.params.provider.MethodSource;

/** A day of ordinary visitors, and then one in which somebody wants the base besides; by the default settings. */
class ScrapersTest {

    private static final int BASE = 10_000;
    private static final int VISITORS = 2_000;
    private static final LocalDate BEFORE = LocalDate.of(2026, 11, 17);
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    /** The first three of those tried, not three that please: {@code -Drelais.scrapers.days=8} takes more. */
    private static final int DAYS = Integer.getInteger("relais.scrapers.days", 3);

    private static final Budget.Limits LIMITS = limits();

    /** What README states: the greatest share of the base that so many addresses in so many prefixes get in a day. */
    static Stream<Arguments> fleets() {
        return Stream.of(
                        arguments(1, 1, 0.01),
                        arguments(50, 50, 0.18),
                        arguments(500, 500, 0.60),
                        arguments(500, 2, 0.02))
                .flatMap(fleet -> Stream.of(Fleet.Strategy.values())
                        .map(strategy -> arguments(Stream.concat(Stream.of(fleet.get()), Stream.of(strategy))
                                .toArray())));
    }

    @ParameterizedTest(name = "{0} addresses in {1} prefixes, {3}")
    @MethodSource("fleets")
    void get_less_than_the_stated_share_and_ordinary_visitors_what_they_want(
            int addresses, int prefixes, double stated, Fleet.Strategy strategy) {
        double most = 0;
        int visits = 0;
        int refused = 0;
        for (int seed = 1; seed <= DAYS; seed++) {
            Seen seen = simulate(seed, addresses, prefixes, strategy);
            most = Math.max(most, seen.share);
            visits += seen.visits;
            refused += seen.refused;
        }

        System.out.printf(
                Locale.ROOT,
                "| %d in %d | %s | %.1f %% | %.0f %% | %d of %d |%n",
                addresses,
                prefixes,
                strategy.name().toLowerCase(Locale.ROOT),
                100 * most,
                100 * stated,
                refused,
                visits);
        assertThat(most).isLessThanOrEqualTo(stated);
        assertThat(most).isLessThanOrEqualTo(bound(prefixes) + familiar(visits / DAYS));
        if (prefixes < 50) {
            assertThat(refused).isZero();
        } else {
            // Somebody who opens twenty offers, nearly all of which nobody else opens, cannot be told from a scraper.
            assertThat(refused).isLessThanOrEqualTo(visits / 5_000);
        }
    }

    @Test
    void without_scrapers_nobody_is_refused_not_even_on_the_first_day() {
        for (int seed = 1; seed <= DAYS; seed++) {
            assertThat(simulate(seed, 0, 1, Fleet.Strategy.SLOW).refused).isZero();
        }
    }

    /** @param refused of the visits of both days */
    private record Seen(double share, int visits, int refused) {}

    private static Seen simulate(int seed, int addresses, int prefixes, Fleet.Strategy strategy) {
        Random random = new Random(seed);
        Crowd crowd = new Crowd(BASE, random);
        SettableClock clock = new SettableClock(midnight(0));
        Budget budget = new Budget(LIMITS, SearchEngines.none(), clock);
        budget.base(BASE);
        int refused = visit(budget, clock, midnight(0), crowd.day(VISITORS), null);
        Fleet fleet = new Fleet(BASE, addresses, prefixes, strategy, random);
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
            Answer answer = budget.ask(Client.at(visit.address()), "offer" + visit.offer());
            refused += answer instanceof Answer.Granted ? 0 : 1;
        }
        return refused;
    }

    /** What so many clients get at most of offers that nobody else opens. */
    private static double bound(int clients) {
        return Math.min(clients * LIMITS.offers(), clients * LIMITS.unopened() + LIMITS.share() * BASE) / BASE
                + Budget.FAVOURITES;
    }

    /** Opened by two visitors at least: by Zipf's law no more than one in ten visits makes an offer so. */
    private static double familiar(int visits) {
        return visits * 0.1 / BASE;
    }

    private static Instant midnight(int day) {
        return BEFORE.plusDays(day).atStartOfDay(PARIS).toInstant();
    }

    private static Budget.Limits limits() {
        Settings settings =
                Settings.of(Map.of("relais.source.client-id", "PAR_test", "relais.source.client-secret", "s3cr3t"));
        return new Budget.Limits(
                settings.budgetRequestsPerMinute(),
                settings.budgetOffers(),
                settings.budgetUnopened(),
                settings.budgetShare(),
                settings.budgetKeyOffers());
    }
}
