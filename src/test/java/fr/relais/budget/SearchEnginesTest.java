package fr.relais.budget;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.simulator.SettableClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class SearchEnginesTest {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-17T11:00:00Z"));
    private final Names names = new Names();
    private final SearchEngines engines = engines(Runnable::run);

    @Test
    void are_those_whose_name_is_in_a_domain_and_has_the_address_in_turn() throws Exception {
        names.put("192.0.2.1", "crawl-1.googlebot.com");
        names.put("2001:db8::1", "Crawl-2.GoogleBot.com.");

        assertThat(engines.isOne(address("192.0.2.1"))).isTrue();
        assertThat(engines.isOne(address("2001:db8::1"))).isTrue();
    }

    @Test
    void are_not_those_who_only_give_themselves_such_a_name() throws Exception {
        names.put("192.0.2.1", "crawl-1.googlebot.com");
        names.reverse.put(address("198.51.100.1"), "crawl-1.googlebot.com");
        names.reverse.put(address("198.51.100.2"), "nowhere.googlebot.com");
        names.put("198.51.100.3", "googlebot.com.example.org");
        names.put("198.51.100.4", "fakegooglebot.com");
        names.put("198.51.100.5", "googlebot.com");
        names.put("198.51.100.6", "198.51.100.6");

        for (int last = 1; last <= 7; last++) {
            assertThat(engines.isOne(address("198.51.100." + last)))
                    .as("." + last)
                    .isFalse();
        }
    }

    @Test
    void are_looked_up_once_a_day_and_again_soon_when_nobody_knew() throws Exception {
        names.put("192.0.2.1", "crawl-1.googlebot.com");
        InetAddress known = address("192.0.2.1");
        InetAddress unknown = address("192.0.2.2");
        for (int i = 0; i < 3; i++) {
            assertThat(engines.isOne(known)).isTrue();
            assertThat(engines.isOne(unknown)).isFalse();
        }
        assertThat(names.asked).isEqualTo(2);

        clock.advance(Duration.ofMinutes(6));
        names.put("192.0.2.2", "crawl-2.googlebot.com");

        assertThat(engines.isOne(known)).isTrue();
        assertThat(names.asked).isEqualTo(2);
        assertThat(engines.isOne(unknown)).isTrue();
        clock.advance(Duration.ofDays(1));
        names.reverse.clear();
        assertThat(engines.isOne(known)).isFalse();
    }

    @Test
    void are_not_waited_for_longer_than_is_bearable() throws Exception {
        names.put("192.0.2.1", "crawl-1.googlebot.com");
        Queue<Runnable> waiting = new ArrayDeque<>();
        SearchEngines slow = engines(waiting::add);

        assertThat(slow.isOne(address("192.0.2.1"))).isFalse();
        assertThat(slow.isOne(address("192.0.2.1"))).isFalse();
        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        assertThat(slow.isOne(address("192.0.2.1"))).isTrue();
        SearchEngines busy = engines(task -> {
            throw new RejectedExecutionException();
        });
        assertThat(busy.isOne(address("192.0.2.1"))).isFalse();
    }

    @Test
    void are_not_bound_by_the_budget_and_are_looked_up_only_when_it_refuses() throws Exception {
        names.put("192.0.2.1", "crawl-1.googlebot.com");
        Budget budget = new Budget(new Budget.Limits(1_000, 5, 5, 0, 5), engines, clock);
        for (int offer = 0; offer < 5; offer++) {
            assertThat(budget.tryOpen(Client.at("192.0.2.1"), "offer" + offer))
                    .isInstanceOf(BudgetDecision.Granted.class);
        }
        assertThat(names.asked).isZero();

        assertThat(budget.tryOpen(Client.at("192.0.2.1"), "offer5")).isInstanceOf(BudgetDecision.Granted.class);
        assertThat(budget.tryOpen(Client.at("192.0.2.2"), "offer5")).isInstanceOf(BudgetDecision.Refused.class);
        assertThat(names.asked).isEqualTo(2);
    }

    @Test
    void are_nobody_without_a_domain() throws Exception {
        names.put("192.0.2.1", "crawl-1.googlebot.com");

        assertThat(new SearchEngines(List.of(), names, Runnable::run, Duration.ZERO, clock).isOne(address("192.0.2.1")))
                .isFalse();
        assertThat(names.asked).isZero();
    }

    private SearchEngines engines(java.util.concurrent.Executor executor) {
        return new SearchEngines(
                List.of("googlebot.com", "search.msn.com"), names, executor, Duration.ofMillis(1), clock);
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    private static final class Names implements Dns {

        private final Map<InetAddress, String> reverse = new HashMap<>();
        private final Map<String, InetAddress> forward = new HashMap<>();
        private int asked;

        void put(String address, String name) throws UnknownHostException {
            reverse.put(address(address), name);
            forward.put(name.toLowerCase(java.util.Locale.ROOT).replaceAll("\\.$", ""), address(address));
        }

        @Override
        public String name(InetAddress address) throws UnknownHostException {
            asked++;
            return found(reverse.get(address));
        }

        @Override
        public List<InetAddress> addresses(String name) throws UnknownHostException {
            return List.of(found(forward.get(name)));
        }

        private static <T> T found(T value) throws UnknownHostException {
            if (value == null) {
                throw new UnknownHostException();
            }
            return value;
        }
    }

    /** No search engine is exempt. */
    static SearchEngines none() {
        return new SearchEngines(List.of(), Dns.system(), Runnable::run, Duration.ZERO, Clock.systemUTC());
    }
}
