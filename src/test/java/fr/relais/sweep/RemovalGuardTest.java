package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.contains;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class RemovalGuardTest {

    @ParameterizedTest
    @CsvSource({
        "0.5, 0, 0, false",
        "0.5, 1000, 1000, true",
        "0.5, 1000, 1001, false",
        "0.5, 1001, 1001, true",
        "0.5, 1001, 2002, false",
        "0.5, 1002, 2002, true",
        "0.5, 250000, 500000, false",
        "0.5, 250001, 500000, true",
        "0, 1000, 500000, false",
        "0, 1001, 500000, true",
        "0.01, 5001, 500000, true",
        "1, 500000, 500000, false",
        "0.57, 5700, 10000, false"
    })
    void the_guard_is_exceeded_by_candidates_above_both_limits_or_by_the_whole_mirror(
            double share, long candidates, long stock, boolean exceeded) {
        assertThat(new RemovalGuard(null, share, 1_000).isExceeded(candidates, stock))
                .isEqualTo(exceeded);
    }

    @Test
    void the_guard_compares_the_candidates_of_the_sweep_with_the_whole_mirror() {
        assertThat(guard(4).isExceeded(7)).isFalse();
        assertThat(guard(6).isExceeded(7)).isTrue();
    }

    @Test
    void the_reason_names_the_number_of_removals_and_the_command_to_approve_them() {
        assertThat(guard(6).reason(7))
                .startsWith("6 of 10 offers would be removed")
                .endsWith("approve-removals 7");
    }

    /** Returns a guard that allows half of a mirror of ten offers, with the given number of candidates in sweep 7. */
    private static RemovalGuard guard(long candidates) {
        JdbcClient jdbc = mock(JdbcClient.class, RETURNS_DEEP_STUBS);
        when(jdbc.sql(contains("from removal"))
                        .param("sweep", 7L)
                        .query(Long.class)
                        .single())
                .thenReturn(candidates);
        when(jdbc.sql(contains("from offer")).query(Long.class).single()).thenReturn(10L);
        return new RemovalGuard(jdbc, 0.5, 2);
    }
}
