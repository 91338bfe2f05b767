package fr.relais.budget;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The search engines that the budget does not bind: an address whose name ends in one of the domains, and which that name has in
 * turn. The name alone proves nothing, for whoever has an address gives it any name.
 */
public final class SearchEngines {

    private static final int REMEMBERED = 10_000;
    private static final Duration FOR_A_DAY = Duration.ofDays(1);
    private static final Duration FOR_A_WHILE = Duration.ofMinutes(5);

    private final List<String> domains;
    private final Dns dns;
    private final Executor executor;
    private final Duration patience;
    /** Never leaves the process; addresses are remembered by its tokens only. */
    private final Salt salt = Salt.random();

    private final Cache<Salt.Token, CompletableFuture<Found>> found;

    private enum Found {
        ENGINE,
        NO_ENGINE,
        UNKNOWN
    }

    /**
     * @param domains such as {@code googlebot.com}; without any nothing is looked up
     * @param executor where addresses are looked up; it may refuse
     * @param patience how long a request waits for that
     */
    public SearchEngines(List<String> domains, Dns dns, Executor executor, Duration patience, Clock clock) {
        this.domains = domains.stream()
                .map(domain -> "." + domain.toLowerCase(Locale.ROOT))
                .toList();
        this.dns = dns;
        this.executor = executor;
        this.patience = patience;
        this.found = Caffeine.newBuilder()
                .maximumSize(REMEMBERED)
                .ticker(() -> Budget.nanos(clock.instant()))
                .executor(Runnable::run)
                .expireAfter(Expiry.<Salt.Token, CompletableFuture<Found>>creating(
                        (address, answer) -> answer.getNow(Found.UNKNOWN) == Found.UNKNOWN ? FOR_A_WHILE : FOR_A_DAY))
                .build();
    }

    /** None: everybody is bound. */
    static SearchEngines none() {
        return new SearchEngines(List.of(), Dns.system(), Runnable::run, Duration.ZERO, Clock.systemUTC());
    }

    /** False also when that is not known in time. */
    boolean isOne(InetAddress address) {
        if (domains.isEmpty()) {
            return false;
        }
        Salt.Token token = salt.token(address.getAddress());
        CompletableFuture<Found> answer = found.get(token, key -> lookUp(key, address));
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS) == Found.ENGINE;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<Found> lookUp(Salt.Token token, InetAddress address) {
        try {
            CompletableFuture<Found> answer = CompletableFuture.supplyAsync(() -> ask(address), executor);
            // Only then is it known for how long to remember it.
            answer.thenAccept(known -> found.asMap().replace(token, answer, CompletableFuture.completedFuture(known)));
            return answer;
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Found.UNKNOWN);
        }
    }

    private Found ask(InetAddress address) {
        try {
            String name = dns.name(address);
            String host = (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
            boolean claims = domains.stream().anyMatch(host::endsWith);
            return claims && dns.addresses(host).contains(address) ? Found.ENGINE : Found.NO_ENGINE;
        } catch (UnknownHostException e) {
            return Found.UNKNOWN;
        }
    }
}
