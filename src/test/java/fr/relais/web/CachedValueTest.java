package fr.relais.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.QueryTimeoutException;

@Timeout(30)
class CachedValueTest {

    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void refreshes_a_value_only_when_it_is_old() {
        CachedValue<Integer> cached = new CachedValue<>(loads::incrementAndGet);

        assertThat(cached.get()).isOne();
        assertThat(cached.get()).isOne();
        await().atMost(Duration.ofSeconds(5)).until(() -> cached.get() == 2);
    }

    @Test
    void caches_a_failure_and_then_tries_again() {
        CachedValue<Integer> cached = new CachedValue<>(() -> {
            if (loads.incrementAndGet() == 1) {
                throw new IllegalStateException("down");
            }
            return loads.get();
        });

        assertThatThrownBy(cached::get).hasMessage("down");
        assertThatThrownBy(cached::get).hasMessage("down");
        assertThat(loads).hasValue(1);
        await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> cached.get() == 2);
    }

    @Test
    void nobody_waits_while_one_thread_tries_again_after_a_failure() throws Exception {
        CountDownLatch again = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        CachedValue<String> cached = new CachedValue<>(() -> {
            if (loads.incrementAndGet() == 1) {
                throw new IllegalStateException("down");
            }
            again.countDown();
            awaitUninterrupted(back);
            return "back";
        });
        assertThatThrownBy(cached::get).hasMessage("down");
        CompletableFuture<String> one = CompletableFuture.supplyAsync(() -> {
            await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> cached.get() != null);
            return cached.get();
        });
        assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(cached::get).hasMessage("down");
        assertThat(one).isNotDone();
        back.countDown();
        assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo("back");
        assertThat(cached.get()).isEqualTo("back");
    }

    @Test
    void nobody_waits_for_long_while_one_thread_refreshes_the_value() throws Exception {
        CountDownLatch refreshing = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        CachedValue<String> cached = new CachedValue<>(
                () -> {
                    refreshing.countDown();
                    awaitUninterrupted(answered);
                    return "late";
                },
                Duration.ofSeconds(1),
                Duration.ofMillis(1));
        CompletableFuture<String> one = CompletableFuture.supplyAsync(cached::get);
        assertThat(refreshing.await(10, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(cached::get).isInstanceOf(QueryTimeoutException.class);
        assertThat(one).isNotDone();
        answered.countDown();
        assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo("late");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
