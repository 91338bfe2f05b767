package fr.relais.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpringArgumentsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--relais.source.client-secret=x",
                "--relais.source.clientSecret=x",
                "-DRELAIS_SOURCE_CLIENT_SECRET=x",
                "--relais.console.password=x",
                "--relais.alert.webhook=https://hooks.example.org/x",
                "-Drelais.alert.webhook=https://hooks.example.org/x",
                "--spring.mail.password=x",
                "--relais.events.uri=https://example.org/x?token=x",
                "--spring.datasource.url=jdbc:mariadb://localhost/x?password=x",
                "--spring.application.json={\"relais.console.password\":\"x\"}",
            })
    void a_secret_is_refused_on_the_command_line(String argument) {
        assertThat(SpringArguments.isSecret(argument)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--relais.source.token-url=https://example.org/x",
                "--relais.source.client-id=x",
                "--relais.alert.uri=file:/tmp/x",
                "-Djavax.net.ssl.trustStorePassword=x",
                "--spring.profiles.active=x",
                "--relais.views.folder=/run/secret",
                "--relais.report.uri=file:/run/token",
            })
    void other_settings_are_allowed(String argument) {
        assertThat(SpringArguments.isSecret(argument)).isFalse();
    }
}
