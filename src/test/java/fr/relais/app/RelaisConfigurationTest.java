package fr.relais.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import fr.relais.failure.RelaisException;
import fr.relais.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class RelaisConfigurationTest {

    @Test
    void settings_come_from_environment_variables() {
        assertThat(given(Map.of("RELAIS_SOURCE_CLIENT_ID", "me", "RELAIS_HOME", "/", "RELAIS_PORT_8080_TCP", "80")))
                .containsExactly(Map.entry("relais.source.client-id", "me"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RELAIS_SWEEP_CORN", "RELAIS_SOURCE_CLIENTID", "RELAIS_ROUTES_FOLDER"})
    void a_misspelt_environment_variable_is_named(String name) {
        Map<String, String> given = given(Map.of(name, "x"));

        assertThatThrownBy(() -> Settings.of(given))
                .hasMessageContainingAll(name, "does not exist", "relais.sweep.cron");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:mysql://root:s3cr3t@localhost/relais, jdbc:mysql:",
        "jdbc:h2:mem:s3cr3t, jdbc:h2:",
        "mariadb://s3cr3t/relais, mariadb:"
    })
    void another_database_is_rejected_without_showing_its_password(String url, String driver) {
        assertThatThrownBy(() -> RelaisConfiguration.requireMariaDb(url))
                .isInstanceOfSatisfying(
                        RelaisException.class, failure -> assertThat(failure.getMessage() + failure.remedy())
                                .contains("spring.datasource.url", driver, "jdbc:mariadb:")
                                .doesNotContain("s3cr3t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mariadb://localhost/relais", "jdbc:otel:mariadb://localhost/relais"})
    void mariadb_is_accepted_with_and_without_a_wrapper_driver(String url) {
        assertThatCode(() -> RelaisConfiguration.requireMariaDb(url)).doesNotThrowAnyException();
    }

    private static Map<String, String> given(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        return RelaisConfiguration.given(environment);
    }
}
