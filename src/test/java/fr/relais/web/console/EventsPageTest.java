package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsPageTest {

    @ParameterizedTest
    @CsvSource({
        "https://anna:secret@index.example.org/secret?key=secret, https://index.example.org",
        "http://index.example.org:8080, http://index.example.org",
        "https:index.example.org, https://…",
        "'https://{{env:secret}}/x', https://…",
        "kafka:offers?saslJaasConfig=RAW(secret), kafka",
        "file:/secret/events, file",
        "'', ''",
    })
    void the_address_of_the_receiver_is_shown_without_its_secrets(String uri, String shown) {
        assertThat(EventsPage.withoutSecrets(uri)).isEqualTo(shown);
    }
}
