package fr.relais.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfferIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"1", "145XKWR", "a.b_c-d", "-", "...", ".a", "a."})
    void letters_digits_dots_dashes_and_underscores_are_valid(String id) {
        assertThat(OfferId.isValid(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "A/1", "A 1", "A\n", "\nA", "é", "A%31", "A;b", "A\u0000", "١"})
    void empty_ids_dot_segments_and_other_characters_are_invalid(String id) {
        assertThat(OfferId.isValid(id)).isFalse();
    }

    @Test
    void an_id_has_at_most_64_characters() {
        assertThat(OfferId.isValid("x".repeat(64))).isTrue();
        assertThat(OfferId.isValid("x".repeat(65))).isFalse();
    }
}
