package fr.relais.routes;

import fr.relais.changelog.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * The integrator's changes to offers: the route {@code transform-offer}, when it is not the packed one, and all routes
 * that it reaches. The changelog publishes their descriptions (licence, article 4), so each needs one in French.
 */
final class OwnTransformation {

    private static final String HOOK = "direct:transform-offer";

    private final List<Reached> reached;
    private final String packedDescription;

    /** A route that offers pass through, and the file that it is in. */
    private record Reached(RouteFile file, RouteDefinition route) {}

    private OwnTransformation(List<Reached> reached, String packedDescription) {
        this.reached = reached;
        this.packedDescription = packedDescription;
    }

    /** @param hooks the packed file with the {@code transform-offer} that does nothing */
    static OwnTransformation of(CamelContext camel, List<RouteFile> files, RouteFile hooks) {
        Map<String, Reached> routes = new HashMap<>();
        add(routes, hooks);
        RouteDefinition packed = routes.get(HOOK).route;
        files.stream().filter(file -> file != hooks).forEach(file -> add(routes, file));
        List<Reached> reached = new ArrayList<>(List.of(routes.get(HOOK)));
        for (int i = 0; i < reached.size(); i++) {
            Steps.of(reached.get(i).route)
                    .map(DirectCalls::target)
                    .filter(Objects::nonNull)
                    .map(uri -> routes.get(DirectCalls.address(camel.resolvePropertyPlaceholders(uri))))
                    .filter(route -> route != null && !reached.contains(route))
                    .distinct()
                    .forEach(reached::add);
        }
        // A copy of the packed hook, in a file that replaces another hook, does nothing either.
        if (reached.get(0).route.toString().equals(packed.toString())) {
            reached.remove(0);
        }
        return new OwnTransformation(reached, packed.getDescriptionText());
    }

    private static void add(Map<String, Reached> routes, RouteFile file) {
        file.routes().forEach(route -> routes.put(DirectCalls.source(route), new Reached(file, route)));
    }

    /** Whether offers are modified by us. */
    boolean isTransforming() {
        return !reached.isEmpty();
    }

    /** The routes of files that replace or add, as the changelog tells them. */
    List<Method.Route> routes() {
        return reached.stream()
                .filter(one -> !one.file.isPacked())
                .map(one -> described(one.route))
                .toList();
    }

    static Method.Route described(RouteDefinition route) {
        return new Method.Route(
                String.valueOf(route.getId()), Objects.requireNonNullElse(route.getDescriptionText(), ""));
    }

    /** @throws InvalidRouteFile for the first route that does not say what it does */
    void require() {
        for (Reached one : reached) {
            String description = described(one.route).description();
            if (!one.file.isPacked() && (description.isBlank() || description.equals(packedDescription))) {
                throw one.file.mistake(
                        one.file.line(one.route.getLineNumber(), DirectCalls.source(one.route)),
                        "the route " + one.route.getId() + " does not say what it does to offers",
                        "Give it a description, in French: the changelog publishes it for everybody (licence, article 4).");
            }
        }
    }
}
