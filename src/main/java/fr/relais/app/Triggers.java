package fr.relais.app;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * The routes of the group {@code trigger}, which begin work by themselves. They wait until the source has been found to
 * accept the account, and a verb never starts them.
 */
public final class Triggers {

    private final CamelContext camel;
    private List<String> waiting = List.of();

    Triggers(CamelContext camel) {
        this.camel = camel;
    }

    /** Call before the context starts. */
    void hold() {
        List<RouteDefinition> triggers = ((ModelCamelContext) camel)
                .getRouteDefinitions().stream()
                        .filter(route -> "trigger".equals(route.getGroup()))
                        .filter(route -> !"false".equals(camel.resolvePropertyPlaceholders(autoStartup(route))))
                        .toList();
        triggers.forEach(route -> route.autoStartup(false));
        waiting = triggers.stream().map(RouteDefinition::getRouteId).toList();
    }

    private static String autoStartup(RouteDefinition route) {
        return route.getAutoStartup() == null ? "true" : route.getAutoStartup();
    }

    /** Call when all is well. */
    public void start() {
        try {
            for (String route : waiting) {
                camel.getRouteController().startRoute(route);
            }
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }
}
