package fr.relais.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointAddressTest {

    @ParameterizedTest
    @CsvSource({
        "https://anna:secret@index.example.org/secret?key=secret, https://index.example.org",
        "http://index.example.org:8080, http://index.example.org",
        "https:index.example.org, https://…",
        "'https://{{env:secret}}/x', https://…",
        "kafka:offers?saslJaasConfig=RAW(secret), kafka",
        "file:/secret/events, file",
        "'', ''",
        "https://anna:se/cret@index.example.org/x, https://…",
        "'https://index.example.org/x\ny?token=secret', https://…",
        "https://index.example.org/services/T0/secret, https://index.example.org",
        "sftp://anna:secret@files.example.org/x, sftp://files.example.org",
        "telegram:bots/secret, telegram",
        "{{relais.events.uri}}, {{relais.events.uri}}",
        "{{events:https://anna:secret@index.example.org}}, {{events}}",
        "file:{{relais.views.folder}}, file:{{relais.views.folder}}",
        "direct:relais-sweep?timeout=5, direct:relais-sweep",
        "sql:select 1?dataSource=#secret, sql:select 1",
        "${variable.to}, ${variable.to}",
        "{{relais.events.uri}}?token=secret, {{relais.events.uri}}",
        "${variable.to}secret?token=secret, …",
    })
    void an_address_is_shown_without_its_secrets(String uri, String shown) {
        assertThat(EndpointAddress.withoutSecrets(uri)).isEqualTo(shown);
    }
}
