package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    private static final List<String> KNOWN = List.of(
            "direct:relais-search",
            "direct:relais-sweep",
            "direct:relais-watch",
            "log",
            "query",
            "relais-transform-offer");

    @ParameterizedTest
    @CsvSource({
        "direct:relais-serch, direct:relais-search",
        "direct:sweep, direct:relais-sweep",
        "direct:swep, direct:relais-sweep",
        "transform-offer, relais-transform-offer",
        "direct:relais-wacth, direct:relais-watch",
        "relais-transform-offers, relais-transform-offer",
        "lug, log",
        "qeury, query",
        "query,",
        "direct:mine,",
        "jms,"
    })
    void the_nearest_name_is_proposed_when_few_letters_differ(String name, String nearest) {
        assertThat(NearestName.of(name, KNOWN).orElse(null)).isEqualTo(nearest);
    }
}
