package fr.relais.budget;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.settings.BudgetSettings;
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
    private final FakeDns dns = new FakeDns();
    private final SearchEngines engines = engines(Runnable::run);

    @Test
    void an_address_matches_when_its_name_is_in_a_domain_and_resolves_to_it() throws Exception {
        dns.put("192.0.2.1", "crawl-1.googlebot.com");
        dns.put("2001:db8::1", "Crawl-2.GoogleBot.com.");

        assertThat(engines.match(address("192.0.2.1"))).isTrue();
        assertThat(engines.match(address("2001:db8::1"))).isTrue();
    }

    @Test
    void a_name_in_another_domain_or_of_another_address_does_not_match() throws Exception {
        dns.put("192.0.2.1", "crawl-1.googlebot.com");
        dns.reverse.put(address("198.51.100.1"), "crawl-1.googlebot.com");
        dns.reverse.put(address("198.51.100.2"), "nowhere.googlebot.com");
        dns.put("198.51.100.3", "googlebot.com.example.org");
        dns.put("198.51.100.4", "fakegooglebot.com");
        dns.put("198.51.100.5", "googlebot.com");
        dns.put("198.51.100.6", "198.51.100.6");

        for (int last = 1; last <= 7; last++) {
            assertThat(engines.match(address("198.51.100." + last)))
                    .as("." + last)
                    .isFalse();
        }
    }

    @Test
    void a_result_is_cached_for_a_day_and_a_failed_look_up_for_minutes() throws Exception {
        dns.put("192.0.2.1", "crawl-1.googlebot.com");
        InetAddress known = address("192.0.2.1");
        InetAddress unknown = address("192.0.2.2");
        for (int i = 0; i < 3; i++) {
            assertThat(engines.match(known)).isTrue();
            assertThat(engines.match(unknown)).isFalse();
        }
        assertThat(dns.lookUps).isEqualTo(2);

        clock.advance(Duration.ofMinutes(6));
        dns.put("192.0.2.2", "crawl-2.googlebot.com");

        assertThat(engines.match(known)).isTrue();
        assertThat(dns.lookUps).isEqualTo(2);
        assertThat(engines.match(unknown)).isTrue();
        clock.advance(Duration.ofDays(1));
        dns.reverse.clear();
        assertThat(engines.match(known)).isFalse();
    }

    @Test
    void a_slow_or_rejected_look_up_counts_as_no_match() throws Exception {
        dns.put("192.0.2.1", "crawl-1.googlebot.com");
        Queue<Runnable> waiting = new ArrayDeque<>();
        SearchEngines slow = engines(waiting::add);

        assertThat(slow.match(address("192.0.2.1"))).isFalse();
        assertThat(slow.match(address("192.0.2.1"))).isFalse();
        assertThat(waiting).hasSize(1);
        waiting.remove().run();
        assertThat(slow.match(address("192.0.2.1"))).isTrue();
        SearchEngines busy = engines(task -> {
            throw new RejectedExecutionException();
        });
        assertThat(busy.match(address("192.0.2.1"))).isFalse();
    }

    @Test
    void search_engines_are_exempt_and_looked_up_only_when_the_budget_refuses() throws Exception {
        dns.put("192.0.2.1", "crawl-1.googlebot.com");
        Budget budget = new Budget(new BudgetSettings.Limits(1_000, 5, 5, 0, 5), engines, clock);
        for (int offer = 0; offer < 5; offer++) {
            for (String address : List.of("192.0.2.1", "192.0.2.2")) {
                assertThat(budget.tryOpen(Client.at(address), address + offer))
                        .isInstanceOf(BudgetDecision.Granted.class);
            }
        }
        assertThat(dns.lookUps).isZero();

        assertThat(budget.tryOpen(Client.at("192.0.2.1"), "offer5")).isInstanceOf(BudgetDecision.Granted.class);
        assertThat(budget.tryOpen(Client.at("192.0.2.2"), "offer5")).isInstanceOf(BudgetDecision.Refused.class);
        assertThat(dns.lookUps).isEqualTo(2);
    }

    @Test
    void without_domains_no_address_matches_and_nothing_is_looked_up() throws Exception {
        dns.put("192.0.2.1", "crawl-1.googlebot.com");

        assertThat(new SearchEngines(List.of(), dns, Runnable::run, Duration.ZERO, clock).match(address("192.0.2.1")))
                .isFalse();
        assertThat(dns.lookUps).isZero();
    }

    private SearchEngines engines(java.util.concurrent.Executor executor) {
        return new SearchEngines(
                List.of("googlebot.com", "search.msn.com"), dns, executor, Duration.ofMillis(1), clock);
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    /** A DNS with the given names, which counts its reverse look-ups. */
    private static final class FakeDns implements Dns {

        private final Map<InetAddress, String> reverse = new HashMap<>();
        private final Map<String, InetAddress> forward = new HashMap<>();
        private int lookUps;

        void put(String address, String name) throws UnknownHostException {
            reverse.put(address(address), name);
            forward.put(name.toLowerCase(java.util.Locale.ROOT).replaceAll("\\.$", ""), address(address));
        }

        @Override
        public String name(InetAddress address) throws UnknownHostException {
            lookUps++;
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

    /** Returns search engines without a domain, so that no address is exempt. */
    static SearchEngines none() {
        return new SearchEngines(List.of(), Dns.system(), Runnable::run, Duration.ZERO, Clock.systemUTC());
    }
}
