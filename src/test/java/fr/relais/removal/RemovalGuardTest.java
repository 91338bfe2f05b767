package fr.relais.removal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void isExceededByMoreThanAFewOffersAndMoreThanItsShare(
            double share, long candidates, long stock, boolean exceeded) {
        assertThat(new RemovalGuard(null, share, 1_000).isExceeded(candidates, stock))
                .isEqualTo(exceeded);
    }
}
