package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitTest {

    private final Circuit circuit = new Circuit(Duration.ofMillis(5), Clock.systemUTC());

    @Test
    void a_dead_source_is_left_alone_and_the_reason_is_told() {
        fail(10, new SourceException.Unavailable("the source answered 503"));

        assertThat(circuit.isOpen()).isTrue();
        assertThatThrownBy(circuit::requireClosed)
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("the source answered 503");
    }

    @Test
    void a_few_failures_say_nothing() {
        fail(9, new IOException());

        assertThatCode(circuit::requireClosed).doesNotThrowAnyException();
    }

    @Test
    void a_source_that_fails_less_than_half_the_time_is_called() {
        for (int i = 0; i < 100; i++) {
            circuit.requireClosed();
            if (i % 5 > 2) {
                circuit.recordFailure(new IOException());
            } else {
                circuit.recordSuccess();
            }
        }

        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void one_call_at_a_time_finds_out_whether_it_is_back() {
        fail(10, new IOException());
        await().until(this::mayEnter);

        assertThat(mayEnter()).as("a second one").isFalse();
        circuit.recordSuccess();
        assertThat(mayEnter()).isTrue();
    }

    @Test
    void a_probe_that_fails_doubles_the_wait() {
        fail(10, new IOException());
        await().until(this::mayEnter);
        long failed = System.nanoTime();
        circuit.recordFailure(new IOException());
        await().until(this::mayEnter);

        assertThat(Duration.ofNanos(System.nanoTime() - failed)).isGreaterThanOrEqualTo(Duration.ofMillis(95));
    }

    static Stream<Exception> answersOnPurpose() {
        return Stream.of(
                new SourceException.Busy(""),
                new SourceException.Rejected(""),
                new SourceException.TokenRefused(""),
                new SourceException.AccountRefused(""));
    }

    @ParameterizedTest
    @MethodSource("answersOnPurpose")
    void what_the_source_answers_on_purpose_shows_that_it_lives(Exception answer) {
        fail(30, answer);

        assertThat(circuit.isOpen()).isFalse();
    }

    @Test
    void a_call_that_was_interrupted_says_nothing_and_gives_its_turn_back() {
        fail(10, new IOException());
        await().until(this::mayEnter);
        circuit.recordFailure(new InterruptedException());

        assertThat(mayEnter()).isTrue();
    }

    private void fail(int times, Exception failure) {
        IntStream.range(0, times).forEach(i -> {
            circuit.requireClosed();
            circuit.recordFailure(failure);
        });
    }

    private boolean mayEnter() {
        try {
            circuit.requireClosed();
            return true;
        } catch (SourceException.Unavailable e) {
            return false;
        }
    }
}
