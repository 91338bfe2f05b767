package fr.relais;

import fr.relais.settings.InvalidSetting;
import fr.relais.settings.Settings;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Ordered;
import org.apache.camel.spi.LoadablePropertiesSource;

/** The settings as one more source of a host's property placeholders. */
final class SettingsSource implements LoadablePropertiesSource, Ordered {

    private final Properties settings;

    private SettingsSource(Properties settings) {
        this.settings = settings;
    }

    /**
     * Adds the settings to the placeholders of a context.
     *
     * @throws InvalidSetting when routes would see another value than beans, because Camel prefers environment
     *     variables, system properties and the host's override properties
     */
    static void addTo(CamelContext camel, Settings settings) {
        Properties placeholders = settings.placeholders();
        camel.getPropertiesComponent().addPropertiesSource(new SettingsSource(placeholders));
        placeholders.forEach((name, value) -> {
            if (!seen(camel, "{{" + name + "}}").equals(seen(camel, (String) value))) {
                throw InvalidSetting.overridden((String) name);
            }
        });
    }

    private static String seen(CamelContext camel, String text) {
        try {
            return camel.resolvePropertyPlaceholders(text).strip();
        } catch (IllegalArgumentException e) {
            // The value contains an unknown placeholder. The check of the routes says which.
            return "";
        }
    }

    @Override
    public String getName() {
        return "relais";
    }

    @Override
    public String getProperty(String name) {
        return settings.getProperty(name);
    }

    @Override
    public Properties loadProperties() {
        return settings;
    }

    @Override
    public Properties loadProperties(Predicate<String> filter) {
        Properties filtered = new Properties();
        settings.stringPropertyNames().stream()
                .filter(filter)
                .forEach(name -> filtered.setProperty(name, getProperty(name)));
        return filtered;
    }

    @Override
    public void reloadProperties(String location) {
        // Settings are read once.
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST;
    }
}
