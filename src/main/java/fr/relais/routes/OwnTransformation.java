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
 * The integrator's changes to offers: the route {@code relais-transform-offer}, if it is not the packed one, and all
 * routes that it reaches. The changelog publishes the description of each (licence, article 4), so each needs one in
 * French.
 */
final class OwnTransformation {

    private static final String HOOK = "direct:relais-transform-offer";

    private final List<Reached> reached;
    private final String packedDescription;

    /** A route that offers pass through, and its file. */
    private record Reached(RouteFile file, RouteDefinition route) {}

    private OwnTransformation(List<Reached> reached, String packedDescription) {
        this.reached = reached;
        this.packedDescription = packedDescription;
    }

    /**
     * Finds the routes that offers pass through.
     *
     * @param files the route files in force
     * @param hooks the packed file, in which {@code relais-transform-offer} does nothing
     */
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
        // A file that replaces another hook may have a copy of the packed relais-transform-offer, which does nothing
        // either.
        if (reached.get(0).route.toString().equals(packed.toString())) {
            reached.remove(0);
        }
        return new OwnTransformation(reached, packed.getDescriptionText());
    }

    private static void add(Map<String, Reached> routes, RouteFile file) {
        file.routes().forEach(route -> routes.put(DirectCalls.source(route), new Reached(file, route)));
    }

    /** Returns the routes that are not packed, as the changelog publishes them. */
    List<Method.Route> routes() {
        return reached.stream()
                .filter(each -> !each.file.isPacked())
                .map(each -> described(each.route))
                .toList();
    }

    /** Returns a route as the changelog publishes it. */
    static Method.Route described(RouteDefinition route) {
        return new Method.Route(
                String.valueOf(route.getId()), Objects.requireNonNullElse(route.getDescriptionText(), ""));
    }

    /** @throws InvalidRouteFile for the first route that has no description of its own */
    void require() {
        for (Reached one : reached) {
            String description = described(one.route).description();
            if (!one.file.isPacked() && (description.isBlank() || description.equals(packedDescription))) {
                throw one.file.mistake(
                        one.file.line(one.route.getLineNumber(), DirectCalls.source(one.route)),
                        "the route " + one.route.getId() + " does not say what it does to offers",
                        "Describe it in French: the changelog publishes the description (licence, article 4).");
            }
        }
    }
}
