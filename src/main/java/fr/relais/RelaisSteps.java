package fr.relais;

import org.apache.camel.NamedNode;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;

/** The steps of the routes of Relais, as opposed to those of the host. */
public final class RelaisSteps {

    private RelaisSteps() {}

    /** Returns whether the step belongs to a route of Relais, which may be a hook. */
    static boolean contain(NamedNode step) {
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(step);
        return route != null && isRelais(route.getRouteId());
    }

    /** Returns whether a route is one of Relais or a hook. */
    public static boolean isRelais(String routeId) {
        return routeId != null && routeId.startsWith("relais-");
    }
}
