package fr.relais.budget;

import static org.assertj.core.api.Assertions.assertThat;

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
    void an_offer_that_a_client_has_opened_costs_it_nothing_the_same_day() {
        Budget budget = budget(1_000, 3, 3, 0);

        assertThat(granted(budget, "192.0.2.1", 0, 3)).isEqualTo(3);
        assertThat(granted(budget, "192.0.2.1", 0, 100)).isEqualTo(3);
    }

    @Test
    void all_addresses_of_a_prefix_have_one_budget_and_each_key_has_its_own() {
        Budget budget = budget(1_000, 3, 3, 0);

        assertThat(granted(budget, "192.0.2.1", 0, 3)).isEqualTo(3);
        assertThat(granted(budget, "192.0.2.200", 3, 6)).isZero();
        assertThat(granted(budget, "::ffff:192.0.2.7", 3, 6)).isZero();
        assertThat(granted(budget, "192.0.3.1", 3, 6)).isEqualTo(3);
        assertThat(granted(budget, "2001:db8:1:ffff::1", 6, 9)).isEqualTo(3);
        assertThat(granted(budget, "2001:db8:1::2%eth0", 9, 12)).isZero();
        assertThat(granted(budget, "[2001:db8:1::3]:443", 9, 12)).isZero();
        assertThat(granted(budget, "[2001:db8:1::3]", 9, 12)).isZero();
        assertThat(granted(budget, "192.0.2.9:51234", 3, 6)).isZero();
        assertThat(granted(budget, "2001:db8:2::2", 9, 12)).isEqualTo(3);
        for (String unknown : List.of("unknown", "", "1.2.3.999", "g::1", ":::", "10.0.0.1.example.org")) {
            granted(budget, unknown, 12, 13);
            assertThat(granted(budget, unknown, 12, 15)).as(unknown).isEqualTo(3);
            assertThat(granted(budget, unknown, 15, 16)).as(unknown).isZero();
        }
        assertThat(grantedTo(budget, Client.ofKey("a"), 0, 600)).isEqualTo(500);
        assertThat(grantedTo(budget, Client.ofKey("b"), 0, 600)).isEqualTo(500);
    }

    @Test
    void whoever_asks_too_fast_is_told_when_to_come_back_and_is_granted_then() {
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
        // The days on which summer begins and ends.
        "2026-03-28T23:00:00Z, 23h",
        "2026-10-24T22:00:00Z, 25h",
        "2028-02-28T23:00:00Z, 24h"
    })
    void a_day_ends_at_midnight_in_paris_and_then_everything_may_be_asked_for_again(Instant now, String left) {
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
    void when_the_pool_is_empty_what_others_have_opened_is_still_granted() {
        Budget budget = budget(1_000_000, 1_000, 2, 0.01);
        assertThat(granted(budget, "192.0.2.1", 0, 1_000)).isLessThan(100);
        for (int i = 0; i < 200; i++) {
            granted(budget, "10.1." + i + ".1", 1_000, 2_000);
        }

        assertThat(granted(budget, "192.0.3.1", 5_000, 5_002)).isEqualTo(2);
        BudgetDecision.Refused refused = (BudgetDecision.Refused) ask(budget, "192.0.3.1", 5_002);
        assertThat(refused.reason()).isEqualTo(BudgetDecision.Reason.UNOPENED);
        granted(budget, "192.0.4.1", 5_003, 5_004);
        assertThat(ask(budget, "192.0.3.1", 5_003)).isInstanceOf(BudgetDecision.Refused.class);
        granted(budget, "192.0.5.1", 5_003, 5_004);
        assertThat(ask(budget, "192.0.3.1", 5_003)).isInstanceOf(BudgetDecision.Granted.class);
    }

    @Test
    void half_of_the_pool_is_left_to_those_who_look_at_what_others_look_at() {
        Budget budget = budget(1_000_000, 1_000, 10, 0.02);
        granted(budget, "192.0.2.1", 0, 10);
        granted(budget, "192.0.3.1", 0, 10);
        for (int i = 0; i < 200; i++) {
            granted(budget, "10.1." + i + ".1", 1_000 + 20 * i, 1_020 + 20 * i);
        }

        assertThat(granted(budget, "192.0.4.1", 0, 10)).isEqualTo(10);
        assertThat(granted(budget, "192.0.4.1", 8_000, 8_020)).isEqualTo(20);
        assertThat(granted(budget, "192.0.5.1", 8_100, 8_120)).isEqualTo(10);
    }

    @Test
    void what_many_opened_the_day_before_is_familiar_but_no_more_than_a_bounded_share() {
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
            assertThat(familiar).contains(Opening.offer("offer" + offer));
        }
        clock.advance(Duration.ofDays(2));
        assertThat(budget.today().familiarBefore()).isEmpty();
    }

    @Test
    void a_client_too_many_is_not_remembered_and_gets_what_is_familiar_and_what_the_pool_has() {
        Budget budget = new Budget(new Budget.Limits(1_000, 100, 5, 0, 500), SearchEnginesTest.none(), clock, 10);
        int granted = 0;
        for (int i = 0; i < 1_000; i++) {
            granted += granted(budget, "10." + (i >> 8) + "." + (i & 255) + ".1", 10 * i, 10 * i + 10);
        }

        assertThat(granted).isEqualTo(10 * 5 + 50);
        granted(budget, "10.0.0.1", 0, 1);
        assertThat(grantedTo(budget, Client.ofKey("partner"), 0, 1_000)).isEqualTo(500);
    }

    /** Each number is a client's asking for an offer. */
    @Property(tries = 300)
    void in_no_order_of_asking_do_clients_get_more_than_the_bound(
            @ForAll @Size(max = 2_000) List<@IntRange(max = 19_999) Integer> asked,
            @ForAll @IntRange(max = 5) int unopened,
            @ForAll @IntRange(min = 5, max = 50) int offers) {
        Budget budget =
                new Budget(new Budget.Limits(100_000, offers, unopened, 0.02, 500), SearchEnginesTest.none(), clock);
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
    void the_bound_holds_when_all_ask_at_once() throws Exception {
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
    void a_client_does_not_say_who_it_is() {
        assertThat(Client.at("192.0.2.1")).asString().doesNotContain("192");
        assertThat(Client.ofKey("partner")).asString().doesNotContain("partner");
    }

    private Budget budget(int perMinute, int offers, int unopened, double share) {
        Budget budget =
                new Budget(new Budget.Limits(perMinute, offers, unopened, share, 500), SearchEnginesTest.none(), clock);
        budget.base(10_000);
        return budget;
    }

    private static BudgetDecision ask(Budget budget, String address, int offer) {
        return budget.tryOpen(Client.at(address), "offer" + offer);
    }

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
