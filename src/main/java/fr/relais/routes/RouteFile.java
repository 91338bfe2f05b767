package fr.relais.routes;

import static java.nio.charset.StandardCharsets.UTF_8;

import fr.relais.changelog.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.RouteConfigurationsBuilder;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/** A route file in force, and the routes and configurations that it has added to a context. */
final class RouteFile {

    private final String name;
    private final String location;
    private final Method.Origin origin;
    private final byte[] content;
    private Collection<RoutesBuilder> builders = List.of();
    private List<RouteDefinition> routes = List.of();
    private List<RouteConfigurationDefinition> configurations = List.of();

    /**
     * @param name the file name without the folder
     * @param location the path, or {@code classpath:} and a name for a packed file; messages show it
     * @param content the content in UTF-8
     */
    RouteFile(String name, String location, Method.Origin origin, byte[] content) {
        this.name = name;
        this.location = location;
        this.origin = origin;
        this.content = content;
    }

    String name() {
        return name;
    }

    String location() {
        return location;
    }

    Method.Origin origin() {
        return origin;
    }

    byte[] content() {
        return content;
    }

    boolean isPacked() {
        return origin == Method.Origin.PACKED;
    }

    List<RouteDefinition> routes() {
        return routes;
    }

    List<RouteConfigurationDefinition> configurations() {
        return configurations;
    }

    /** Adds the configurations of this file to the context. Routes of other files may choose them. */
    void addConfigurations(CamelContext camel) {
        ModelCamelContext model = (ModelCamelContext) camel;
        List<RouteConfigurationDefinition> before = new ArrayList<>(model.getRouteConfigurationDefinitions());
        try {
            builders = PluginHelper.getRoutesLoader(camel)
                    .findRoutesBuilders(ResourceHelper.fromBytes(
                            location.startsWith("classpath:") ? location : "file:" + location, content));
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteConfigurationsBuilder configuration) {
                    camel.addRoutesConfigurations(configuration);
                }
            }
        } catch (Exception e) {
            throw YamlMistake.in(this, e);
        }
        configurations = added(before, model.getRouteConfigurationDefinitions());
    }

    /**
     * Adds the routes of this file to the context. The configurations of all files must have been added, because Camel
     * copies them into the routes.
     */
    void addRoutes(CamelContext camel) {
        ModelCamelContext model = (ModelCamelContext) camel;
        List<RouteDefinition> before = new ArrayList<>(model.getRouteDefinitions());
        try {
            for (RoutesBuilder builder : builders) {
                if (builder instanceof RouteBuilder definitions) {
                    definitions.configureRoutes(camel).getRoutes().forEach(RouteFile::handleFailures);
                }
                camel.addRoutes(builder);
                camel.addTemplatedRoutes(builder);
            }
        } catch (Exception e) {
            throw YamlMistake.in(this, e);
        }
        routes = added(before, model.getRouteDefinitions());
    }

    /**
     * Keeps the text of failures out of logs, because it may quote an offer (licence, article 7). A route that has
     * neither a configuration nor an error handler gets a configuration, because Camel's default would log the text.
     * The consumer of a trigger gets a failure without the text.
     */
    private static void handleFailures(RouteDefinition route) {
        boolean isTrigger = DirectCalls.source(route) == null;
        if (route.getRouteConfigurationId() == null && route.getErrorHandler() == null) {
            route.setRouteConfigurationId(isTrigger ? TriggerFailures.LOG_FAILURE : "relais-rethrow");
            // Otherwise Camel, which has already prepared the route, would not copy the configuration into it.
            route.markUnprepared();
        }
        if (isTrigger) {
            TriggerFailures.handle(route);
        }
    }

    private static <T> List<T> added(List<T> before, List<T> after) {
        return after.stream()
                .filter(definition -> before.stream().noneMatch(other -> other == definition))
                .toList();
    }

    /** Returns the steps of all routes and configurations. */
    Stream<NamedNode> steps() {
        return Stream.concat(routes.stream(), configurations.stream()).flatMap(Steps::of);
    }

    List<String> lines() {
        return new String(content, UTF_8).lines().toList();
    }

    /**
     * Returns the number of the first line that contains a word, from a given line on. Returns the given line when
     * there is none.
     */
    int line(int from, String word) {
        List<String> lines = lines();
        for (int line = Math.max(from, 1); line <= lines.size(); line++) {
            if (lines.get(line - 1).contains(word)) {
                return line;
            }
        }
        return Math.max(from, 0);
    }

    InvalidRouteFile mistake(int line, String problem, String remedy) {
        return new InvalidRouteFile(location, line, problem, remedy);
    }

    /**
     * Returns the place of a mistake in a step.
     *
     * @param from the line in which the step begins
     */
    Place place(int from) {
        return (culprit, problem, remedy) -> mistake(line(from, culprit), problem, remedy);
    }
}
