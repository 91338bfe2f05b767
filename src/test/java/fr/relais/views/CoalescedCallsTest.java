package fr.relais.views;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
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

    @Test
    void a_caller_that_gives_up_while_a_batch_is_formed_is_not_in_the_batch() throws Exception {
        AtomicReference<CoalescedCalls<String, String>> calls = new AtomicReference<>();
        CompletableFuture<String> impatient = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                impatient.complete(calls.get().call("impatient"));
            } catch (RuntimeException e) {
                impatient.completeExceptionally(e);
            }
        });
        // The size of a request is needed while the batch is formed, before the request is taken from the queue.
        calls.set(new CoalescedCalls<>(
                10,
                Duration.ofSeconds(1),
                request -> {
                    if (request.equals("first")) {
                        thread.start();
                        Awaitility.await()
                                .pollInterval(Duration.ofMillis(10))
                                .until(() -> thread.getState() == Thread.State.TIMED_WAITING);
                    } else {
                        assertThat(impatient).failsWithin(Duration.ofSeconds(10));
                    }
                    return 1;
                },
                requests -> requests));

        assertThat(calls.get().call("first")).isEqualTo("first");
        assertThat(impatient).isCompletedExceptionally();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
