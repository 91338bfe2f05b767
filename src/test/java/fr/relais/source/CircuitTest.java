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

    /** The time for which the circuit stays open at first: ten times the retry delay. */
    private static final Duration OPEN_TIME = Duration.ofMillis(50);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T12:00:00Z"));
    private final Circuit circuit = new Circuit(OPEN_TIME.dividedBy(10), clock);

    @Test
    void an_open_circuit_refuses_calls_and_names_the_last_failure() {
        fail(10, new SourceException.Unavailable("the source answered 503"));

        assertThatThrownBy(circuit::requireClosed)
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("the source answered 503");
    }

    @Test
    void nine_failures_do_not_open_the_circuit() {
        fail(9, new IOException());

        assertThatCode(circuit::requireClosed).doesNotThrowAnyException();
    }

    @Test
    void the_circuit_stays_closed_when_fewer_than_half_of_the_calls_fail() {
        for (int i = 0; i < 100; i++) {
            circuit.requireClosed();
            if (i % 5 > 2) {
                circuit.recordFailure(new IOException(), false);
            } else {
                circuit.recordSuccess();
            }
        }

        assertThat(isCallAllowed()).isTrue();
    }

    @Test
    void one_probe_at_a_time_finds_out_whether_the_source_has_recovered() {
        fail(10, new IOException());
        assertThat(isCallAllowed()).as("right after the failures").isFalse();
        clock.advance(OPEN_TIME.plusMillis(1));
        assertThat(isCallAllowed()).as("the probe").isTrue();

        assertThat(isCallAllowed()).as("a second call during the probe").isFalse();
        circuit.recordSuccess();
        assertThat(isCallAllowed()).isTrue();
    }

    @Test
    void a_failed_probe_doubles_the_time_until_the_next() {
        fail(10, new IOException());
        clock.advance(OPEN_TIME.plusMillis(1));
        assertThat(isCallAllowed()).isTrue();
        circuit.recordFailure(new IOException(), false);

        clock.advance(OPEN_TIME.multipliedBy(2));
        assertThat(isCallAllowed()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(isCallAllowed()).isTrue();
    }

    static Stream<Exception> deliberateAnswers() {
        return Stream.of(
                new SourceException.Busy(""),
                new SourceException.Rejected(""),
                new SourceException.TokenRefused(""),
                new SourceException.AccountRefused(""));
    }

    @ParameterizedTest
    @MethodSource("deliberateAnswers")
    void deliberate_answers_do_not_open_the_circuit(Exception answer) {
        fail(30, answer);

        assertThat(isCallAllowed()).isTrue();
    }

    @Test
    void an_interrupted_probe_does_not_count_and_makes_way_for_another() {
        fail(10, new IOException());
        clock.advance(OPEN_TIME.plusMillis(1));
        assertThat(isCallAllowed()).isTrue();
        circuit.recordFailure(new InterruptedException(), false);

        assertThat(isCallAllowed()).isTrue();
    }

    @Test
    void a_failure_that_is_to_be_ignored_does_not_count() {
        for (int i = 0; i < 30; i++) {
            circuit.requireClosed();
            circuit.recordFailure(new IOException(), true);
        }

        assertThat(isCallAllowed()).isTrue();
    }

    private void fail(int times, Exception failure) {
        IntStream.range(0, times).forEach(i -> {
            circuit.requireClosed();
            circuit.recordFailure(failure, null);
        });
    }

    private boolean isCallAllowed() {
        try {
            circuit.requireClosed();
            return true;
        } catch (SourceException.Unavailable e) {
            return false;
        }
    }
}
