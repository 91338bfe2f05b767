package fr.relais.boot;

import static org.springframework.core.env.StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

import fr.relais.settings.Settings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/** The settings of Relais in the environment of a Spring Boot application. */
public final class EnvironmentSettings {

    /** The properties of {@link RelaisAutoConfiguration} itself, which only a host has. */
    private static final Set<String> OWN = Set.of(RelaisAutoConfiguration.ENABLED, RelaisAutoConfiguration.DATA_SOURCE);

    private EnvironmentSettings() {}

    /**
     * Returns the settings in the environment, by name. Unknown names that begin like a setting are included, so that
     * {@link Settings} rejects them instead of ignoring them.
     */
    public static Map<String, String> given(ConfigurableEnvironment environment) {
        Map<String, String> settings = new HashMap<>();
        Settings.names().forEach(name -> put(settings, environment, name));
        environment.getPropertySources().stream()
                .filter(source -> !source.getName().equals(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME))
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> name.startsWith("relais.") && !OWN.contains(name))
                .forEach(name -> put(settings, environment, name));
        misspeltVariables(environment).forEach(name -> settings.put(name, ""));
        return settings;
    }

    /**
     * Returns the environment variables that begin with the first two words of a setting but are not settings. Others
     * that begin with {@code RELAIS_} are ignored, because Kubernetes may have set them.
     */
    private static Stream<String> misspeltVariables(ConfigurableEnvironment environment) {
        Set<String> variables =
                Settings.names().stream().map(Settings::variable).collect(Collectors.toSet());
        Set<String> groups = variables.stream().map(EnvironmentSettings::group).collect(Collectors.toSet());
        return environment.getPropertySources().get(SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)
                        instanceof EnumerablePropertySource<?> source
                ? Arrays.stream(source.getPropertyNames())
                        .filter(name -> groups.contains(group(name)) && !variables.contains(name))
                : Stream.empty();
    }

    /** Returns the first two words of a variable, such as {@code RELAIS_SWEEP}. */
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
