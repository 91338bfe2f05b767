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

@Timeout(30)
class RememberedTest {

    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void it_is_asked_once_and_again_when_it_is_old() {
        Remembered<Integer> remembered = new Remembered<>(asked::incrementAndGet);

        assertThat(remembered.get()).isOne();
        assertThat(remembered.get()).isOne();
        await().atMost(Duration.ofSeconds(5)).until(() -> remembered.get() == 2);
    }

    @Test
    void a_failure_is_remembered_too_and_then_it_is_asked_again() {
        Remembered<Integer> remembered = new Remembered<>(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("away");
            }
            return asked.get();
        });

        assertThatThrownBy(remembered::get).hasMessage("away");
        assertThatThrownBy(remembered::get).hasMessage("away");
        assertThat(asked).hasValue(1);
        await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> remembered.get() == 2);
    }

    @Test
    void while_one_asks_again_after_a_failure_nobody_waits() throws Exception {
        CountDownLatch again = new CountDownLatch(1);
        CountDownLatch back = new CountDownLatch(1);
        Remembered<String> remembered = new Remembered<>(() -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("away");
            }
            again.countDown();
            awaitUninterrupted(back);
            return "back";
        });
        assertThatThrownBy(remembered::get).hasMessage("away");
        CompletableFuture<String> one = CompletableFuture.supplyAsync(() -> {
            await().atMost(Duration.ofSeconds(5)).ignoreExceptions().until(() -> remembered.get() != null);
            return remembered.get();
        });
        assertThat(again.await(10, TimeUnit.SECONDS)).isTrue();

        assertThatThrownBy(remembered::get).hasMessage("away");
        assertThat(one).isNotDone();
        back.countDown();
        assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo("back");
        assertThat(remembered.get()).isEqualTo("back");
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
