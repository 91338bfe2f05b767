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
 * The search engines that are exempt from the budget. An address belongs to one when the name of the address ends in
 * one of the domains and that name resolves to the address. The name alone proves nothing, because the owner of an
 * address can claim any name.
 */
public final class SearchEngines {

    private static final int MAX_ADDRESSES = 10_000;
    private static final Duration KNOWN_TTL = Duration.ofDays(1);
    private static final Duration UNKNOWN_TTL = Duration.ofMinutes(5);

    private final List<String> domains;
    private final Dns dns;
    private final Executor executor;
    private final Duration timeout;

    /** Its salt never leaves the process, and addresses are cached only under their pseudonyms. */
    private final Pseudonymizer pseudonymizer = Pseudonymizer.random();

    private final Cache<Pseudonym, CompletableFuture<Owner>> owners;

    private enum Owner {
        ENGINE,
        NO_ENGINE,
        UNKNOWN
    }

    /**
     * @param domains the domains of the search engines, such as {@code googlebot.com}; when empty, nothing is looked up
     * @param executor the threads that run the look-ups; a rejected look-up counts as a failed one
     * @param timeout how long a request waits for a look-up
     */
    public SearchEngines(List<String> domains, Dns dns, Executor executor, Duration timeout, Clock clock) {
        this.domains = domains.stream()
                .map(domain -> "." + domain.toLowerCase(Locale.ROOT))
                .toList();
        this.dns = dns;
        this.executor = executor;
        this.timeout = timeout;
        this.owners = Caffeine.newBuilder()
                .maximumSize(MAX_ADDRESSES)
                .ticker(() -> Budget.nanos(clock.instant()))
                .executor(Runnable::run)
                .expireAfter(Expiry.<Pseudonym, CompletableFuture<Owner>>creating(
                        (address, answer) -> answer.getNow(Owner.UNKNOWN) == Owner.UNKNOWN ? UNKNOWN_TTL : KNOWN_TTL))
                .build();
    }

    /** Returns whether the address belongs to a search engine; false also when the look-up fails or takes too long. */
    boolean match(InetAddress address) {
        if (domains.isEmpty()) {
            return false;
        }
        Pseudonym pseudonym = pseudonymizer.pseudonym(address);
        CompletableFuture<Owner> answer = owners.get(pseudonym, key -> lookUp(key, address));
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS) == Owner.ENGINE;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private CompletableFuture<Owner> lookUp(Pseudonym pseudonym, InetAddress address) {
        try {
            CompletableFuture<Owner> answer = CompletableFuture.supplyAsync(() -> resolve(address), executor);
            // The result, not the pending look-up, should decide how long it is cached.
            answer.thenAccept(
                    known -> owners.asMap().replace(pseudonym, answer, CompletableFuture.completedFuture(known)));
            return answer;
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(Owner.UNKNOWN);
        }
    }

    private Owner resolve(InetAddress address) {
        try {
            String name = dns.name(address);
            String host = (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).toLowerCase(Locale.ROOT);
            boolean claims = domains.stream().anyMatch(host::endsWith);
            return claims && dns.addresses(host).contains(address) ? Owner.ENGINE : Owner.NO_ENGINE;
        } catch (UnknownHostException e) {
            return Owner.UNKNOWN;
        }
    }
}
