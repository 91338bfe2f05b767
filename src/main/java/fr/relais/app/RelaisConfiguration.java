package fr.relais.app;

import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import fr.relais.Relais;
import fr.relais.failure.RelaisException;
import fr.relais.settings.Settings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/** Puts the pipeline into the application's Camel context, with the settings of its environment. */
@Configuration(proxyBeanMethods = false)
class RelaisConfiguration {

    private static final String DATABASE = "spring.datasource.url";

    /** An address of another database than MariaDB. */
    static final class UnsupportedDatabase extends RelaisException {
        private UnsupportedDatabase(String driver) {
            super(
                    "Setting " + DATABASE + " begins with " + driver + ", and Relais needs MariaDB",
                    "Give an address such as jdbc:mariadb://db.example.org/relais.");
        }
    }

    /** Runs before the pool looks for a driver, whose absence Spring would tell at length. */
    @Bean
    static BeanFactoryPostProcessor mariaDbOnly(Environment environment) {
        return beans -> requireMariaDb(environment.getProperty(DATABASE, ""));
    }

    static void requireMariaDb(String url) {
        if (!url.matches("jdbc:(.+:)?mariadb:.*")) {
            // The rest of it may hold a password.
            throw new UnsupportedDatabase(url.replaceFirst("^((jdbc:)?[^:/]*:?).*", "$1"));
        }
    }

    @Bean
    Triggers triggers(CamelContext camel) {
        return new Triggers(camel);
    }

    /** The settings for the web part; the pipeline reads its own. */
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
                // The command that runs starts the triggers, or leaves them.
            }
        };
    }

    /**
     * The settings that the environment gives, by name. Names that begin like a setting and are none are among them, so that {@link Settings}
     * refuses them instead of ignoring them.
     */
    static Map<String, String> given(ConfigurableEnvironment environment) {
        Map<String, String> settings = new HashMap<>();
        Settings.names().forEach(name -> put(settings, environment, name));
        environment.getPropertySources().stream()
                .filter(source -> !source.getName().equals(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME))
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> name.startsWith("relais."))
                .forEach(name -> put(settings, environment, name));
        misspeltVariables(environment).forEach(name -> settings.put(name, ""));
        return settings;
    }

    /** Environment variables with the first two words of a setting's that are no setting; Kubernetes makes others of RELAIS_ too. */
    private static Stream<String> misspeltVariables(ConfigurableEnvironment environment) {
        Set<String> variables =
                Settings.names().stream().map(Settings::variable).collect(Collectors.toSet());
        Set<String> groups = variables.stream().map(RelaisConfiguration::group).collect(Collectors.toSet());
        return environment.getPropertySources().get(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                        instanceof EnumerablePropertySource<?> source
                ? Arrays.stream(source.getPropertyNames())
                        .filter(name -> groups.contains(group(name)) && !variables.contains(name))
                : Stream.empty();
    }

    /** The first two words of a variable. */
    private static String group(String variable) {
        return variable.replaceFirst("^([^_]*_[^_]*).*", "$1");
    }

    private static void put(Map<String, String> settings, Environment environment, String name) {
        String value = environment.getProperty(name);
        if (value != null) {
            settings.put(name, value);
        }
    }
}
