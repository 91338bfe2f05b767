package fr.relais.app;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * The routes of the group {@code relais-trigger}, which start work by themselves. The service starts them when it is
 * ready; other commands never start them.
 */
public final class Triggers {

    private static final String GROUP = "relais-trigger";

    private final CamelContext camel;
    private List<String> heldBack = List.of();

    Triggers(CamelContext camel) {
        this.camel = camel;
    }

    /** Keeps the triggers from starting together with the context. Call before the context starts. */
    void holdBack() {
        List<RouteDefinition> triggers = ((ModelCamelContext) camel)
                .getRouteDefinitions().stream()
                        .filter(route -> GROUP.equals(route.getGroup()))
                        .filter(this::isSwitchedOn)
                        .toList();
        triggers.forEach(route -> route.autoStartup(false));
        heldBack = triggers.stream().map(RouteDefinition::getRouteId).toList();
    }

    private boolean isSwitchedOn(RouteDefinition route) {
        return route.getAutoStartup() == null
                || !"false".equals(camel.resolvePropertyPlaceholders(route.getAutoStartup()));
    }

    /** Starts the triggers, except those that a setting switches off. Call when the service is ready. */
    public void start() {
        try {
            for (String route : heldBack) {
                camel.getRouteController().startRoute(route);
            }
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }
}
