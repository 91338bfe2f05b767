package fr.relais.audit;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorBoundTest {

    /** The one-sided bounds of Clopper and Pearson, as R computes them: {@code qbeta(0.95, k + 1, n - k)}. */
    @ParameterizedTest
    @CsvSource({
        "1000, 0, 0.002991",
        "100, 0, 0.029513",
        "1000, 1, 0.004735",
        "100, 5, 0.102253",
        "10, 3, 0.606624",
        "1, 0, 0.95",
        "10, 10, 1",
        "10000, 0, 0.0002995"
    })
    void the_bound_is_that_of_clopper_and_pearson(int compared, int different, double bound) {
        assertThat(ErrorBound.of(compared, different)).isCloseTo(bound, Offset.offset(bound * 1e-3));
    }

    @Property(tries = 200)
    void the_bound_is_above_the_share_in_the_sample_and_grows_with_the_differences(
            @ForAll @IntRange(min = 2, max = 10_000) int compared, @ForAll @IntRange(max = 9_999) int some) {
        int different = some % compared;

        assertThat(ErrorBound.of(compared, different))
                .isGreaterThan((double) different / compared)
                .isLessThan(ErrorBound.of(compared, different + 1));
    }
}
