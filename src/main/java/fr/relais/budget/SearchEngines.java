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
 * Recognises the search engines that are exempt from the budget: the name of the address ends in one of the domains, and that name
 * resolves to the address. The name alone proves nothing, since the owner of an address can set any name.
 */
public final class SearchEngines {

    private static final int MAX_ADDRESSES = 10_000;
    private static final Duration FOR_A_DAY = Duration.ofDays(1);
    private static final Duration FOR_A_WHILE = Duration.ofMinutes(5);

    private final List<String> domains;
    private final Dns dns;
    private final Executor executor;
    private final Duration patience;

    /** Its salt never leaves the process; addresses are cached under their pseudonyms only. */
    private final Pseudonymizer pseudonymizer = Pseudonymizer.random();

    private final Cache<Pseudonym, CompletableFuture<Found>> found;

    private enum Found {
        ENGINE,
        NO_ENGINE,
        UNKNOWN
    }

    /**
     * @param domains such as {@code googlebot.com}; when empty, nothing is looked up
     * @param executor runs the look-ups; it may reject them
     * @param patience how long a request waits for a look-up
     */
    public SearchEngines(List<String> domains, Dns dns, Executor executor, Duration patience, Clock clock) {
        this.domains = domains.stream()
                .map(domain -> "." + domain.toLowerCase(Locale.ROOT))
                .toList();
        this.dns = dns;
        this.executor = executor;
        this.patience = patience;
        this.found = Caffeine.newBuilder()
                .maximumSize(MAX_ADDRESSES)
                .ticker(() -> Budget.nanos(clock.instant()))
                .executor(Runnable::run)
                .expireAfter(Expiry.<Pseudonym, CompletableFuture<Found>>creating(
                        (address, answer) -> answer.getNow(Found.UNKNOWN) == Found.UNKNOWN ? FOR_A_WHILE : FOR_A_DAY))
                .build();
    }

    /** Returns false also when the look-up fails or takes too long. */
    boolean isOne(InetAddress address) {
        if (domains.isEmpty()) {
            return false;
        }
        Pseudonym pseudonym = pseudonymizer.pseudonym(address.getAddress());
        CompletableFuture<Found> answer = found.get(pseudonym, key -> lookUp(key, address));
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS) == Found.ENGINE;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<Found> lookUp(Pseudonym pseudonym, InetAddress address) {
        try {
            CompletableFuture<Found> answer = CompletableFuture.supplyAsync(() -> resolve(address), executor);
            // Only the result says how long it is cached.
            answer.thenAccept(
                    known -> found.asMap().replace(pseudonym, answer, CompletableFuture.completedFuture(known)));
            return answer;
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Found.UNKNOWN);
        }
    }

    private Found resolve(InetAddress address) {
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
