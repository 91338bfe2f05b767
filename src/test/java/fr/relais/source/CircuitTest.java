package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.simulator.SettableClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitTest {

    /** A dead source is left alone for ten times the retry delay. */
    private static final Duration WAIT = Duration.ofMillis(50);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
    private final Circuit circuit = new Circuit(WAIT.dividedBy(10), clock);

    @Test
    void a_dead_source_is_left_alone_and_the_reason_is_told() {
        fail(10, new SourceException.Unavailable("the source answered 503"));

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

        assertThat(mayEnter()).isTrue();
    }

    @Test
    void one_call_at_a_time_finds_out_whether_it_is_back() {
        fail(10, new IOException());
        assertThat(mayEnter()).as("at once").isFalse();
        clock.advance(WAIT.plusMillis(1));
        assertThat(mayEnter()).as("a probe").isTrue();

        assertThat(mayEnter()).as("a second one").isFalse();
        circuit.recordSuccess();
        assertThat(mayEnter()).isTrue();
    }

    @Test
    void a_probe_that_fails_doubles_the_wait() {
        fail(10, new IOException());
        clock.advance(WAIT.plusMillis(1));
        assertThat(mayEnter()).isTrue();
        circuit.recordFailure(new IOException());

        clock.advance(WAIT.multipliedBy(2));
        assertThat(mayEnter()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(mayEnter()).isTrue();
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

        assertThat(mayEnter()).isTrue();
    }

    @Test
    void a_call_that_was_interrupted_says_nothing_and_gives_its_turn_back() {
        fail(10, new IOException());
        clock.advance(WAIT.plusMillis(1));
        assertThat(mayEnter()).isTrue();
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
