package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.source.SourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownOffersTest {

    private final KnownOffers knownOffers = new KnownOffers();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 15})
    void five_offers_that_are_shown_end_the_check(int known) {
        assertThat(ask(known, Set.of())).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 15})
    void one_offer_that_was_removed_meanwhile_does_not_matter_and_is_not_asked_for_again(int known) {
        List<String> asked = ask(known, Set.of("1"));

        assertThat(asked).hasSize(7).containsOnlyOnce("1");
    }

    @Test
    void the_fifteenth_answer_may_be_the_fifth_in_succession() {
        assertThat(ask(15, Set.of("0", "5", "9"))).hasSize(15);
    }

    @Test
    void a_source_that_denies_many_known_offers_is_not_trusted() {
        assertThatThrownBy(() -> ask(15, Set.of("3", "7", "10"))).isInstanceOf(SourceException.Unavailable.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void a_source_that_denies_all_known_offers_is_not_trusted(int known) {
        assertThatThrownBy(() -> ask(known, Set.of("0", "1", "2")))
                .isInstanceOf(SourceException.Unavailable.class)
                .hasMessageContaining("does not show");
    }

    /** Asks a source for the offers 0, 1, 2 and so on, and returns the ids asked for. */
    private List<String> ask(int known, Set<String> denied) {
        List<Map<String, Object>> rows = IntStream.range(0, known)
                .mapToObj(i -> Map.<String, Object>of("id", String.valueOf(i)))
                .toList();
        List<String> asked = new ArrayList<>();
        KnownOffers.Check check = knownOffers.check(rows);
        while (check.isOpen()) {
            asked.add(check.id());
            knownOffers.record(check, !denied.contains(check.id()));
        }
        return asked;
    }
}
