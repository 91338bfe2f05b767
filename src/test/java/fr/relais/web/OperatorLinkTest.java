package fr.relais.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Licence, article 5.4: one tag on each redirection to the operator. */
class OperatorLinkTest {

    private final OperatorLink link = new OperatorLink("at_medium=partner&at_offer={id}");

    @ParameterizedTest
    @CsvSource({
        "https://o.example/detail/A1, https://o.example/detail/A1?TAG",
        "https://o.example, https://o.example?TAG",
        "https://o.example/A1?, https://o.example/A1?TAG",
        "https://o.example/A1?a=1, https://o.example/A1?a=1&TAG",
        "https://o.example/A1?a=1&, https://o.example/A1?a=1&TAG",
        "https://o.example/A1?a=1#poste, https://o.example/A1?a=1&TAG#poste",
        "https://o.example/A1#poste?x, https://o.example/A1?TAG#poste?x",
        "https://o.example/A1?at_medium=other&b=%C3%A9&at_offer, https://o.example/A1?b=%C3%A9&TAG",
        "https://o.example/é?q=<b>, https://o.example/%C3%A9?q=%3Cb%3E&TAG",
        "HTTPS://O.example/A1, HTTPS://O.example/A1?TAG",
    })
    void the_link_has_one_tag_and_is_otherwise_as_received(String received, String tagged) {
        assertThat(link.of(received, "A1")).contains(tagged.replace("TAG", "at_medium=partner&at_offer=A1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "javascript:alert(1)",
                "//o.example/A1",
                "ftp://o.example/A1",
                "https:/o.example",
                "https://",
                "https://user@o.example/",
                "https://o.example\\@evil.example/",
                "java\nscript:alert(1)",
                "https://o.example/\u0000",
                "data:text/html,https://o.example/"
            })
    void an_unsafe_address_gives_no_link(String received) {
        assertThat(link.of(received, "A1")).isEmpty();
    }

    @Test
    void without_a_configured_tag_the_link_is_as_received() {
        assertThat(new OperatorLink("").of("https://o.example/A1?a=1#x", "A1")).contains("https://o.example/A1?a=1#x");
    }

    @Property
    void the_link_has_exactly_one_tag_for_the_offer(@ForAll("addresses") String address, @ForAll("ids") String id) {
        String once = link.of(address, id).orElseThrow();

        List<String> names = Arrays.stream(once.substring(once.indexOf('?') + 1)
                        .replaceFirst("#.*", "")
                        .split("&"))
                .map(parameter -> parameter.replaceFirst("=.*", ""))
                .toList();
        assertThat(names).containsOnlyOnce("at_offer", "at_medium");
        assertThat(once).containsPattern("[?&]at_medium=partner&at_offer=[A-Za-z0-9._%*-]+(#.*)?$");
        assertThat(link.of(once, id)).as("tagged again").contains(once);
    }

    @Provide
    Arbitrary<String> addresses() {
        return Arbitraries.of(
                        "/", "?", "&", "a=1", "at_offer=9", "at_medium=", "é", " ", "%20", "detail", ";", "=", "<", "'")
                .list()
                .ofMaxSize(8)
                .map(parts -> "https://o.example/" + String.join("", parts))
                .flatMap(path -> Arbitraries.of("", "#", "#poste").map(fragment -> path + fragment));
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.of("204KXWP", "0123456", "a.b_c-d", "a b&c=d#é");
    }
}
