package fr.relais.budget;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.settings.BudgetSettings;
import fr.relais.simulator.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

    private static final Instant NOON = Instant.parse("2026-11-17T11:00:00Z");

    private final SettableClock clock = new SettableClock(NOON);

    @Test
    void a_client_may_open_the_same_offer_again_on_the_same_day() {
        Budget budget = budget(1_000, 3, 3, 0);

        assertThat(granted(budget, "192.0.2.1", 0, 3)).isEqualTo(3);
        assertThat(granted(budget, "192.0.2.1", 0, 100)).isEqualTo(3);
    }

    @Test
    void each_ipv4_address_each_ipv6_64_and_each_key_has_a_budget_of_its_own() {
        Budget budget = budget(1_000, 3, 3, 0);

        assertThat(granted(budget, "192.0.2.1", 0, 3)).isEqualTo(3);
        assertThat(granted(budget, "::ffff:192.0.2.1", 3, 6)).isZero();
        assertThat(granted(budget, "192.0.2.1:51234", 3, 6)).isZero();
        assertThat(granted(budget, "192.0.2.2", 3, 6)).isEqualTo(3);
        assertThat(granted(budget, "2001:db8:1::1", 6, 9)).isEqualTo(3);
        assertThat(granted(budget, "2001:db8:1::2%eth0", 9, 12)).isZero();
        assertThat(granted(budget, "[2001:db8:1::3]:443", 9, 12)).isZero();
        assertThat(granted(budget, "[2001:db8:1::3]", 9, 12)).isZero();
        assertThat(granted(budget, "2001:db8:1:1::3", 9, 12)).isEqualTo(3);
        for (String invalid : List.of("unknown", "", "1.2.3.999", "g::1", ":::", "10.0.0.1.example.org")) {
            granted(budget, invalid, 12, 13);
            assertThat(granted(budget, invalid, 12, 15)).as(invalid).isEqualTo(3);
            assertThat(granted(budget, invalid, 15, 16)).as(invalid).isZero();
        }
        assertThat(grantedTo(budget, Client.ofKey("a"), 0, 600)).isEqualTo(500);
        assertThat(grantedTo(budget, Client.ofKey("b"), 0, 600)).isEqualTo(500);
    }

    /** The number in an address is replaced with 0 to 199. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.%d, 192.0.3.1, 12",
        "2001:db8:1:1%02x::1, 2001:db8:2::1, 4",
        "2001:db8:1:%02x00::1, 2001:db8:2::1, 12"
    })
    void all_clients_of_a_prefix_share_a_ceiling(String addresses, String outside, int clients) {
        Budget budget = budget(1_000, 20, 3, 0);
        int granted = 0;
        for (int i = 0; i < 200; i++) {
            granted += granted(budget, addresses.formatted(i), 10 * i, 10 * i + 3);
        }

        assertThat(granted).isEqualTo(3 * clients);
        assertThat(granted(budget, outside, 5_000, 5_003)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.%d, 12", "2001:db8:1:1%02x::1, 4"})
    void the_requests_of_all_clients_of_a_prefix_have_a_rate(String addresses, int clients) {
        Budget budget = budget(10, 1_000, 1_000, 0);
        int granted = 0;
        for (int i = 0; i < 200; i++) {
            granted += granted(budget, addresses.formatted(i), 0, 10);
        }

        assertThat(granted).isEqualTo(10 * clients);
        assertThat(budget.tryRequest(Client.at(addresses.formatted(0)))).isInstanceOf(BudgetDecision.Refused.class);
        assertThat(budget.tryRequest(Client.at("198.51.100.1"))).isInstanceOf(BudgetDecision.Granted.class);
        assertThat(budget.refusals(BudgetDecision.Reason.RATE)).isPositive();
        assertThat(budget.refusals(BudgetDecision.Reason.OFFERS)).isZero();
    }

    @Test
    void a_refusal_for_the_rate_says_when_a_retry_will_succeed() {
        Budget budget = budget(30, 1_000, 1_000, 0);
        assertThat(granted(budget, "192.0.2.1", 0, 100)).isEqualTo(30);

        BudgetDecision.Refused refused = (BudgetDecision.Refused) ask(budget, "192.0.2.1", 50);

        assertThat(refused.reason()).isEqualTo(BudgetDecision.Reason.RATE);
        assertThat(refused.seconds()).isEqualTo(2);
        clock.advance(refused.retryAfter().minusMillis(1));
        assertThat(ask(budget, "192.0.2.1", 50)).isInstanceOf(BudgetDecision.Refused.class);
        clock.advance(Duration.ofMillis(1));
        assertThat(ask(budget, "192.0.2.1", 50)).isInstanceOf(BudgetDecision.Granted.class);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-17T11:00:00Z, 12h",
        "2026-11-17T22:59:59.999Z, 0.001s",
        // The days on which summer time begins and ends, and a leap day.
        "2026-03-28T23:00:00Z, 23h",
        "2026-10-24T22:00:00Z, 25h",
        "2028-02-28T23:00:00Z, 24h"
    })
    void each_day_has_a_new_budget_from_midnight_in_paris(Instant now, String left) {
        clock.set(now);
        Budget budget = budget(1_000, 10, 10, 0);
        assertThat(granted(budget, "192.0.2.1", 0, 20)).isEqualTo(10);

        BudgetDecision.Refused refused = (BudgetDecision.Refused) ask(budget, "192.0.2.1", 15);

        assertThat(refused)
                .isEqualTo(new BudgetDecision.Refused(Duration.parse("PT" + left), BudgetDecision.Reason.OFFERS));
        clock.advance(refused.retryAfter().minusNanos(1));
        assertThat(ask(budget, "192.0.2.1", 15)).isInstanceOf(BudgetDecision.Refused.class);
        clock.advance(Duration.ofNanos(1));
        assertThat(granted(budget, "192.0.2.1", 15, 30)).isEqualTo(10);
    }

    @Test
    void familiar_offers_are_free_and_each_allows_two_more_unopened_ones_until_the_pool_is_empty() {
        Budget budget = budget(1_000_000, 1_000, 10, 0.02);
        granted(budget, "192.0.2.1", 0, 10);
        granted(budget, "192.0.3.1", 0, 10);

        assertThat(granted(budget, "192.0.4.1", 1_000, 1_050)).isEqualTo(10);
        assertThat(granted(budget, "192.0.5.1", 0, 10)).isEqualTo(10);
        assertThat(granted(budget, "192.0.5.1", 2_000, 2_050)).isEqualTo(10 + 2 * 10);
        for (int i = 0; i < 20; i++) {
            granted(budget, "10.1." + i + ".1", 0, 10);
            granted(budget, "10.1." + i + ".1", 3_000 + 50 * i, 3_050 + 50 * i);
        }
        assertThat(granted(budget, "192.0.6.1", 0, 10)).isEqualTo(10);
        assertThat(granted(budget, "192.0.6.1", 5_000, 5_050)).isEqualTo(10);
        assertThat(((BudgetDecision.Refused) ask(budget, "192.0.6.1", 5_050)).reason())
                .isEqualTo(BudgetDecision.Reason.UNOPENED);
    }

    @Test
    void a_client_that_tries_too_many_unopened_offers_gets_nothing_new_until_tomorrow() {
        Budget budget = budget(1_000_000, 100, 9, 0);
        granted(budget, "192.0.2.1", 0, 9);
        granted(budget, "192.0.3.1", 0, 9);

        assertThat(granted(budget, "192.0.4.1", 1_000, 1_100)).isEqualTo(9);
        BudgetDecision.Refused refused = (BudgetDecision.Refused) ask(budget, "192.0.4.1", 0);
        assertThat(refused.reason()).isEqualTo(BudgetDecision.Reason.OFFERS);
        assertThat(granted(budget, "192.0.4.1", 1_000, 1_009)).isEqualTo(9);
        clock.advance(refused.retryAfter());
        assertThat(granted(budget, "192.0.4.1", 0, 9)).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.%d, 12", "2001:db8:1:1%02x::1, 4", "2001:db8:1:%02x00::1, 12"})
    void the_ceiling_of_a_prefix_refuses_no_familiar_offer(String addresses, int clients) {
        Budget budget = budget(1_000_000, 100, 9, 0);
        String neighbour = addresses.formatted(clients);
        makeFamiliar(budget, 0, 9);
        useUp(budget, addresses, clients);

        assertThat(((BudgetDecision.Refused) ask(budget, neighbour, 5_000)).reason())
                .isEqualTo(BudgetDecision.Reason.UNOPENED);
        assertThat(granted(budget, neighbour, 0, 9)).isEqualTo(9);
        assertThat(granted(budget, neighbour, 5_000, 5_003)).isZero();
        assertThat(granted(budget, neighbour, 0, 9)).isEqualTo(9);
    }

    @Test
    void a_client_beyond_the_ceiling_of_its_prefix_cannot_find_the_familiar_offers_by_trying_all() {
        Budget budget = budget(1_000_000, 100, 9, 0);
        makeFamiliar(budget, 0, 9);
        useUp(budget, "192.0.2.%d", 12);

        assertThat(granted(budget, "192.0.2.12", 5_000, 5_005)).isZero();
        assertThat(((BudgetDecision.Refused) ask(budget, "192.0.2.12", 0)).reason())
                .isEqualTo(BudgetDecision.Reason.OFFERS);
    }

    @Test
    void favourites_of_the_day_before_are_familiar_up_to_a_bounded_share() {
        Budget budget = budget(1_000_000, 1_000, 500, 0);
        for (int client = 1; client <= 3; client++) {
            granted(budget, "192.0." + client + ".1", 0, 400);
        }
        for (int client = 4; client <= 10; client++) {
            granted(budget, "192.0." + client + ".1", 350, 400);
        }
        clock.advance(Duration.ofDays(1));
        Set<Long> familiar = budget.today().familiarBefore();

        assertThat(familiar).hasSize((int) (10_000 * Budget.FAVOURITES));
        for (int offer = 350; offer < 400; offer++) {
            assertThat(familiar).contains(Opening.digest("offer" + offer));
        }
        clock.advance(Duration.ofDays(2));
        assertThat(budget.today().familiarBefore()).isEmpty();
    }

    @Test
    void new_clients_share_the_pool_while_memory_is_full() {
        // Each of the ten clients that fit is counted with its two prefixes.
        Budget budget =
                new Budget(new BudgetSettings.Limits(1_000, 100, 5, 0, 500), SearchEnginesTest.none(), clock, 3 * 10);
        int granted = 0;
        for (int i = 0; i < 1_000; i++) {
            granted += granted(budget, "10." + (i >> 8) + "." + (i & 255) + ".1", 10 * i, 10 * i + 10);
        }

        assertThat(granted).isEqualTo(10 * 5 + 100);
        granted(budget, "10.0.0.1", 0, 1);
        assertThat(grantedTo(budget, Client.ofKey("partner"), 0, 1_000)).isEqualTo(500);
    }

    /** Each number stands for a request: its remainder by 20 is the client, its quotient the offer. */
    @Property(tries = 300)
    void no_order_of_requests_exceeds_the_bound(
            @ForAll @Size(max = 2_000) List<@IntRange(max = 19_999) Integer> asked,
            @ForAll @IntRange(max = 5) int unopened,
            @ForAll @IntRange(min = 5, max = 50) int offers) {
        Budget budget = new Budget(
                new BudgetSettings.Limits(100_000, offers, unopened, 0.02, 500), SearchEnginesTest.none(), clock);
        budget.base(10_000);
        Set<Integer> opened = new HashSet<>();
        for (int ask : asked) {
            int client = ask % 20;
            if (ask(budget, "192.0." + client + ".1", ask / 20) instanceof BudgetDecision.Granted) {
                opened.add(ask / 20);
            }
        }

        assertThat(opened).hasSizeLessThanOrEqualTo(Math.min(20 * unopened + 200, 20 * offers));
    }

    @Test
    void the_bound_holds_for_concurrent_requests() throws Exception {
        Budget budget = budget(1_000_000, 1_000, 5, 0.02);
        Set<Integer> opened = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            int shift = thread * 1_250;
            running.add(threads.submit(() -> {
                for (int i = 0; i < 100_000; i++) {
                    int offer = (i + shift) % 10_000;
                    if (ask(budget, "192.0." + i % 40 + ".1", offer) instanceof BudgetDecision.Granted) {
                        opened.add(offer);
                    }
                }
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();

        assertThat(opened).hasSizeBetween(40 * 5, 40 * 5 + 200);
    }

    @Test
    void the_text_of_a_client_does_not_identify_it() {
        assertThat(Client.at("192.0.2.1")).asString().doesNotContain("192");
        assertThat(Client.ofKey("partner")).asString().doesNotContain("partner");
    }

    private Budget budget(int perMinute, int offers, int unopened, double share) {
        Budget budget = new Budget(
                new BudgetSettings.Limits(perMinute, offers, unopened, share, 500), SearchEnginesTest.none(), clock);
        budget.base(10_000);
        return budget;
    }

    private static void makeFamiliar(Budget budget, int from, int to) {
        granted(budget, "198.51.100.1", from, to);
        granted(budget, "203.0.113.1", from, to);
    }

    /** Uses up the ceiling of a prefix: each client asks for 100 unopened offers. */
    private static void useUp(Budget budget, String addresses, int clients) {
        for (int i = 0; i < clients; i++) {
            granted(budget, addresses.formatted(i), 1_000 + 100 * i, 1_100 + 100 * i);
        }
    }

    private static BudgetDecision ask(Budget budget, String address, int offer) {
        return budget.tryOpen(Client.at(address), "offer" + offer);
    }

    /** Requests the offers from {@code from} to before {@code to}, and returns how many were granted. */
    private static int granted(Budget budget, String address, int from, int to) {
        return grantedTo(budget, Client.at(address), from, to);
    }

    private static int grantedTo(Budget budget, Client client, int from, int to) {
        int granted = 0;
        for (int offer = from; offer < to; offer++) {
            granted += budget.tryOpen(client, "offer" + offer) instanceof BudgetDecision.Granted ? 1 : 0;
        }
        return granted;
    }
}
