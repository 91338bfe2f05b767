package fr.relais.routes;

import static java.util.Map.entry;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.tooling.model.JsonMapper;

/** The checks of endpoints: their components, their options and the beans that they refer to must exist. */
final class Endpoints {

    /** The Camel components that are added most often, each with the jar that contains it. */
    private static final Map<String, String> JARS = Map.ofEntries(
            entry("ftp", "camel-ftp"),
            entry("ftps", "camel-ftp"),
            entry("sftp", "camel-ftp"),
            entry("jms", "camel-jms"),
            entry("activemq", "camel-activemq"),
            entry("amqp", "camel-amqp"),
            entry("kafka", "camel-kafka"),
            entry("spring-rabbitmq", "camel-spring-rabbitmq"),
            entry("paho-mqtt5", "camel-paho-mqtt5"),
            entry("aws2-s3", "camel-aws2-s3"),
            entry("azure-storage-blob", "camel-azure-storage-blob"),
            entry("google-storage", "camel-google-storage"),
            entry("slack", "camel-slack"),
            entry("ssh", "camel-ssh"),
            entry("scp", "camel-jsch"),
            entry("jdbc", "camel-jdbc"));

    private final CamelContext camel;
    private final Beans beans;
    private final RuntimeCamelCatalog catalog;

    Endpoints(CamelContext camel, Beans beans) {
        this.camel = camel;
        this.beans = beans;
        this.catalog = camel.getCamelContextExtension().getContextPlugin(RuntimeCamelCatalog.class);
    }

    /**
     * Makes sure that the component, the options and the beans of an endpoint exist.
     *
     * @param uri the address, with its placeholders resolved; empty when a setting switches the route off
     */
    void require(String uri, Place place) {
        if (uri.isEmpty()) {
            return;
        }
        String scheme = scheme(uri);
        requireComponent(scheme, place);
        String schema = catalog.componentJSonSchema(scheme);
        if (schema != null) {
            Map<String, String> options = options(uri, place);
            requireOptions(JsonMapper.generateComponentModel(schema), options, place);
            options.values().stream()
                    .filter(value -> value.matches("#(bean:)?[\\w.-]+"))
                    .map(value -> value.replaceFirst("#(bean:)?", ""))
                    .forEach(bean -> beans.require(bean, place));
            if (scheme.equals("bean")) {
                beans.require(options.get("beanName"), options.get("method"), place);
            }
        }
    }

    /** Makes sure that the tables and columns of a {@code sql:} endpoint exist. Ignores other endpoints. */
    void requireTables(String uri, Place place) {
        if (scheme(uri).equals("sql")) {
            Map<String, String> options = options(uri, place);
            Object dataSource =
                    beans.find(options.getOrDefault("dataSource", "").replaceFirst("^#(bean:)?", ""));
            if (dataSource instanceof DataSource database) {
                SqlStatement.require(camel, database, options.getOrDefault("query", ""), place);
            }
        }
    }

    private static String scheme(String uri) {
        return uri.replaceFirst("(?s)[:?].*", "");
    }

    private Map<String, String> options(String uri, Place place) {
        try {
            return catalog.endpointProperties(uri);
        } catch (URISyntaxException e) {
            throw place.mistake(
                    scheme(uri) + ":", "the address of the endpoint cannot be read", "Encode its special characters.");
        }
    }

    private void requireComponent(String scheme, Place place) {
        try {
            if (camel.hasComponent(scheme) == null
                    && PluginHelper.getComponentResolver(camel).resolveComponent(scheme, camel) == null) {
                throw missing(scheme, place);
            }
        } catch (RelaisException e) {
            throw e;
        } catch (Exception | LinkageError e) {
            throw place.mistake(
                    scheme,
                    "component \"" + scheme + "\" cannot be used: " + Failures.types(e) + ", " + e.getMessage(),
                    "Put the jars that it needs into the folder of its own jar.");
        }
    }

    private RelaisException missing(String scheme, Place place) {
        String jar = JARS.get(scheme);
        String add = "Put " + (jar == null ? "the jar of the component" : jar + "-" + camel.getVersion() + ".jar")
                + " and the jars that it needs into the folder components, from which relais-exec.jar loads them,"
                + " or on the class path.";
        return place.mistake(
                scheme,
                "there is no component \"" + scheme + "\"",
                jar == null ? NearestName.remedy(scheme, components(), add) : add);
    }

    /** Returns the names of the components in the context and on the class path. */
    private Set<String> components() {
        Set<String> names = new TreeSet<>(camel.getComponentNames());
        for (URL file : resources("META-INF/services/org/apache/camel/component.properties")) {
            try (InputStream content = file.openStream()) {
                Properties properties = new Properties();
                properties.load(content);
                names.addAll(List.of(properties.getProperty("components", "").split(" ")));
            } catch (IOException e) {
                // The names in this file are not proposed.
            }
        }
        return names;
    }

    private Collection<URL> resources(String name) {
        return Collections.list(camel.getClassResolver().loadAllResourcesAsURL(name));
    }

    private void requireOptions(ComponentModel component, Map<String, String> options, Place place) {
        String scheme = component.getScheme();
        EndpointValidationResult result = catalog.validateProperties(scheme, options);
        if (result.getUnknown() != null && !component.isLenientProperties()) {
            String name = result.getUnknown().iterator().next();
            List<String> known = component.getEndpointOptions().stream()
                    .map(BaseOptionModel::getName)
                    .toList();
            throw place.mistake(
                    name,
                    "component " + scheme + " has no option " + name,
                    NearestName.remedy(name, known, "Camel's page about the component lists its options."));
        }
        refuse(result.getInvalidBoolean(), "takes true or false", place);
        refuse(withoutDurations(result.getInvalidInteger()), "takes a whole number", place);
        refuse(result.getInvalidNumber(), "takes a number", place);
        refuse(result.getInvalidDuration(), "takes a duration such as 500, 30s or 5m", place);
        Map<String, String> enums = result.getInvalidEnum();
        if (enums != null && !enums.isEmpty()) {
            String name = enums.keySet().iterator().next();
            refuse(enums, "takes one of " + String.join(", ", result.getEnumChoices(name)), place);
        }
    }

    /**
     * Returns the values that are not durations. Camel accepts 5s for an option in milliseconds, but the catalog does
     * not know this of every such option.
     */
    private static Map<String, String> withoutDurations(Map<String, String> values) {
        return Stream.ofNullable(values)
                .flatMap(all -> all.entrySet().stream())
                .filter(value -> !value.getValue().matches("(\\d+(ms|[smhd]))+"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static void refuse(Map<String, String> invalid, String takes, Place place) {
        if (invalid != null && !invalid.isEmpty()) {
            String name = invalid.keySet().iterator().next();
            throw place.mistake(name, "option " + name + " " + takes, "Correct its value.");
        }
    }
}
