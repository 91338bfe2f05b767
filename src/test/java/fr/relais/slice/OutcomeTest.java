package fr.relais.slice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.failure.FailureMessages;
import fr.relais.failure.Failures;
import fr.relais.source.SourceException;
import fr.relais.sweep.Lease;
import java.io.IOException;
import java.net.ConnectException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class OutcomeTest {

    @ParameterizedTest
    @MethodSource("failures")
    void a_failure_is_described_by_its_cause_and_quotes_no_offer(Throwable failure, Outcome outcome) {
        for (Throwable thrown : new Throwable[] {failure, new IllegalStateException("secret", failure)}) {
            assertThat(Outcome.of(thrown)).isEqualTo(outcome);
            assertThat(outcome).extracting("reason").isEqualTo(Failures.describe(thrown));
        }
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new SourceException.Rejected("no such question"), unproved("no such question")),
                Arguments.of(new SourceException.Unavailable("cut"), unread("cut")),
                Arguments.of(new SourceException.Busy("later"), unread("later")),
                Arguments.of(new ConnectException("secret"), unread("the source cannot be reached: ConnectException")),
                Arguments.of(new IOException("secret"), unread("the source cannot be reached: IOException")),
                Arguments.of(
                        new SQLException("secret", "40001", 1213),
                        unread("the database reports error 1213, state 40001")));
    }

    @Test
    void an_unexpected_failure_is_described_by_its_type_only() {
        assertThat(Outcome.of(new IllegalStateException("secret", new ArithmeticException("secret"))))
                .isEqualTo(unread("unexpected java.lang.IllegalStateException"));
    }

    @Test
    void a_reading_whose_process_stops_is_interrupted() {
        assertThat(Outcome.of(new RuntimeException(new SourceException.Stopped())))
                .isEqualTo(new Outcome.Interrupted());
    }

    @Test
    void a_failed_hook_is_described_by_exception_types_and_codes() {
        Throwable failure = hookFailed(new IllegalStateException("secret", new SQLException("secret", "42S02", 1146)));

        assertThat(Outcome.of(new RuntimeException("secret", failure)))
                .isEqualTo(unread(
                        "relais-transform-offer failed: IllegalStateException, caused by SQLException (error 1146,"
                                + " state 42S02)"));
        assertThat(Failures.isTransient(hookFailed(new SQLException("secret", "HY000", 1205))))
                .isTrue();
    }

    @Test
    void a_lock_wait_timeout_is_transient() {
        assertThat(Failures.isTransient(new IllegalStateException(new SQLException("secret", "HY000", 1205))))
                .isTrue();
        assertThat(Failures.isTransient(new IllegalStateException(new SQLException("secret", "HY000", 1206))))
                .isFalse();
    }

    @Test
    void a_lost_lease_is_described() {
        JdbcClient jdbc = mock(JdbcClient.class, RETURNS_DEEP_STUBS);
        when(jdbc.sql(any()).param(any(), any()).query(Long.class).optional()).thenReturn(Optional.empty());
        try (Lease lease = new Lease(jdbc, fence -> {})) {
            Throwable lost = catchThrowable(() -> lease.require(1));

            assertThat(lost).isInstanceOf(Lease.Lost.class);
            assertThat(Outcome.of(lost)).isEqualTo(unread("another process has taken over"));
        }
    }

    private static Throwable hookFailed(Throwable cause) {
        return catchThrowable(() -> new FailureMessages().throwHookFailed("relais-transform-offer", cause));
    }

    private static Outcome unproved(String reason) {
        return new Outcome.Unproved(reason);
    }

    private static Outcome unread(String reason) {
        return new Outcome.Unread(reason);
    }
}
