package fr.relais.karaf;

import fr.relais.Relais;
import fr.relais.failure.RelaisException;
import fr.relais.settings.Settings;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The contents of the configuration {@code fr.relais}.
 *
 * @param url the address of the database; empty when the container provides the DataSource
 * @param service the {@code osgi.jndi.service.name} of the container's DataSource, or an OSGi filter; empty when the
 *     pipeline has its own connections
 * @param connections the maximum number of connections of the pipeline's own pool
 * @param settings all other properties, which are settings of Relais
 */
record Configuration(
        String url, String username, String password, String service, int connections, Map<String, String> settings) {

    static final String URL = "datasource.url";
    static final String SERVICE = "datasource.service";

    private static final String USERNAME = "datasource.username";
    private static final String PASSWORD = "datasource.password";
    private static final String CONNECTIONS = "datasource.maximum-pool-size";

    private static final String DEFAULT_CONNECTIONS = "13";

    /** The names that the container adds to a configuration begin with one of these. */
    private static final Set<String> CONTAINER = Set.of("service.", "felix.", "org.apache.karaf.");

    /** The refusal of a configuration. */
    static final class Unusable extends RelaisException {
        Unusable(String name, String problem, String remedy) {
            super("Setting " + name + " " + problem, remedy);
        }
    }

    /** Returns the properties that the container delivers, without those that it adds. */
    static Map<String, String> given(Dictionary<String, ?> properties) {
        Map<String, String> given = new HashMap<>();
        for (String name : Collections.list(properties.keys())) {
            if (CONTAINER.stream().noneMatch(name::startsWith)) {
                given.put(name, String.valueOf(properties.get(name)).strip());
            }
        }
        return given;
    }

    /**
     * Reads the properties.
     *
     * @throws Relais.NotAdded when a property is unknown, missing or unusable
     */
    static Configuration of(Map<String, String> properties) {
        Map<String, String> given = new HashMap<>(properties);
        String url = take(given, URL, "");
        String username = take(given, USERNAME, "");
        String password = take(given, PASSWORD, "");
        String service = take(given, SERVICE, "");
        String connections = take(given, CONNECTIONS, DEFAULT_CONNECTIONS);
        try {
            Settings.of(given);
            requireDatabase(url, service);
            return new Configuration(url, username, password, service, number(connections), Map.copyOf(given));
        } catch (RelaisException e) {
            throw new Relais.NotAdded(e);
        }
    }

    private static void requireDatabase(String url, String service) {
        if (url.isEmpty() == service.isEmpty()) {
            throw new Unusable(
                    URL,
                    service.isEmpty() ? "is missing" : "must be empty, because " + SERVICE + " is set",
                    "Set either " + URL + ", for example to jdbc:mariadb://db.example.org/relais, or " + SERVICE + ".");
        }
    }

    /** Returns the filter that selects the container's DataSource. */
    String serviceFilter() {
        return service.startsWith("(") ? service : "(osgi.jndi.service.name=" + service + ")";
    }

    private static String take(Map<String, String> given, String name, String standard) {
        String value = given.remove(name);
        return value == null ? standard : value;
    }

    private static int number(String text) {
        if (!text.matches("[1-9]\\d{0,3}")) {
            throw new Unusable(
                    CONNECTIONS,
                    "is \"" + text + "\", which is not a number of connections from 1 to 9999",
                    "Set it to relais.source.concurrency + 5 or more.");
        }
        return Integer.parseInt(text);
    }
}
