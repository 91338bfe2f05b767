package fr.relais.app;

import fr.relais.Relais;
import fr.relais.Settings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/** Puts the pipeline into the application's Camel context, with the settings of its environment. */
@Configuration(proxyBeanMethods = false)
class RelaisConfiguration {

    @Bean
    Triggers triggers(CamelContext camel) {
        return new Triggers(camel);
    }

    /** For the web part; the pipeline reads its own. */
    @Bean
    Settings settings(ConfigurableEnvironment environment) {
        return Settings.of(given(environment));
    }

    @Bean
    CamelContextConfiguration relais(DataSource dataSource, ConfigurableEnvironment environment, Triggers triggers) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                Map<String, String> settings = given(environment);
                if (environment.containsProperty("spring.mail.host")) {
                    camel.getRegistry().bind("mailSender", new SmtpSender(environment));
                    settings.putIfAbsent("relais.report.uri", "smtp:spring.mail?javaMailSender=#mailSender");
                }
                Relais.addTo(camel, dataSource, settings);
                triggers.hold();
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                // Nothing to do: the triggers wait for the source to be checked.
            }
        };
    }

    static Map<String, String> given(ConfigurableEnvironment environment) {
        Map<String, String> settings = new HashMap<>();
        Settings.names().forEach(name -> put(settings, environment, name));
        // A misspelt setting would be ignored silently. Environment variables cannot be checked: their names are
        // ambiguous.
        environment.getPropertySources().stream()
                .filter(source -> !source.getName().equals(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME))
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> name.startsWith("relais."))
                .forEach(name -> put(settings, environment, name));
        return settings;
    }

    private static void put(Map<String, String> settings, Environment environment, String name) {
        String value = environment.getProperty(name);
        if (value != null) {
            settings.put(name, value);
        }
    }
}
