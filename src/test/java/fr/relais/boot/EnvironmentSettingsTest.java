package fr.relais.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import fr.relais.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class EnvironmentSettingsTest {

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

    private static Map<String, String> given(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .replace(
                        SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
        return EnvironmentSettings.given(environment);
    }

    @Test
    void the_properties_of_the_auto_configuration_are_no_settings() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("host", Map.of("relais.enabled", "true", "relais.datasource", "mine")));

        assertThat(EnvironmentSettings.given(environment)).doesNotContainKeys("relais.enabled", "relais.datasource");
    }
}
