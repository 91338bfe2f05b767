package fr.relais.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.dao.QueryTimeoutException;

@Timeout(30)
class CoalescedCallsTest {

    @Test
    void a_caller_does_not_wait_for_long_behind_a_batch_that_hangs() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch answered = new CountDownLatch(1);
        CoalescedCalls<String, String> calls =
                new CoalescedCalls<>(10, Duration.ofMillis(100), request -> 1, requests -> {
                    running.countDown();
                    await(answered);
                    return requests;
                });
        CompletableFuture<String> hanging = CompletableFuture.supplyAsync(() -> calls.call("first"));
        await(running);

        assertThatThrownBy(() -> calls.call("second")).isInstanceOf(QueryTimeoutException.class);
        answered.countDown();
        assertThat(hanging.get(10, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(calls.call("third"))
                .as("the request that gave up is not run")
                .isEqualTo("third");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
