package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemovalGuardTest {

    private static final long SWEEP = 42;

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
    void the_guard_is_exceeded_by_candidates_above_share_and_number_or_by_the_whole_mirror(
            double share, long candidates, long mirrored, boolean exceeded) {
        assertThat(guard(share, new RemovalCounts(candidates, 0, mirrored, 0.0, 1))
                        .isExceeded(SWEEP))
                .isEqualTo(exceeded);
        assertThat(guard(share, new RemovalCounts(0, candidates, mirrored, 0.0, 1))
                        .isExceeded(SWEEP))
                .as("out of scope")
                .isEqualTo(exceeded);
    }

    @ParameterizedTest
    @CsvSource({
        "25000, 5000, 1, false",
        "25001, 5000, 1, true",
        "75000, 5000, 3, false",
        "75001, 5000, 3, true",
        "99999, 5000, 30, false",
        "100000, 5000, 30, true",
        "2001, 0, 1, true",
        "25000, , 1, false",
        "25001, , 1, true"
    })
    void five_times_the_usual_removals_of_the_days_since_the_last_sweep_are_allowed(
            long gone, Double perDay, double days, boolean exceeded) {
        assertThat(guard(0.02, new RemovalCounts(gone, 0, 100_000, perDay, days))
                        .isExceeded(SWEEP))
                .isEqualTo(exceeded);
    }

    @Test
    void usual_removals_do_not_allow_offers_out_of_scope() {
        assertThat(guard(0.02, new RemovalCounts(0, 2_000, 100_000, 5_000.0, 1)).isExceeded(SWEEP))
                .isFalse();
        assertThat(guard(0.02, new RemovalCounts(0, 2_001, 100_000, 5_000.0, 1)).isExceeded(SWEEP))
                .isTrue();
    }

    @Test
    void gone_offers_and_offers_out_of_scope_together_may_not_be_the_whole_mirror() {
        assertThat(guard(0.5, new RemovalCounts(500, 500, 1_000, 5_000.0, 1)).isExceeded(SWEEP))
                .isTrue();
        assertThat(guard(0.5, new RemovalCounts(500, 499, 1_000, 5_000.0, 1)).isExceeded(SWEEP))
                .isFalse();
    }

    @Test
    void the_reason_says_how_to_approve_the_removals() {
        assertThat(guard(0.5, new RemovalCounts(1_500, 10, 2_000, 0.0, 1)).reason(SWEEP))
                .isEqualTo("1510 of 2000 offers would be removed, more than relais.removal.guard allows; if the source"
                        + " has really dropped them, run approve-removals 42");
        assertThat(guard(0.5, new RemovalCounts(10, 1_500, 2_000, 0.0, 1)).reason(SWEEP))
                .isEqualTo("1510 of 2000 offers would be removed, 1500 of them because relais.source.origins no longer"
                        + " names their origin; if that is intended, run approve-removals 42");
    }

    private static RemovalGuard guard(double share, RemovalCounts counts) {
        return new RemovalGuard(sweep -> sweep == SWEEP ? counts : null, share, 1_000, 5);
    }
}
