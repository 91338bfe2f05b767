package fr.relais.app;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/**
 * Starts and holds back the routes of the group {@code trigger}, which begin work by themselves. The service starts them once the source
 * has accepted the account; a command never does.
 */
public final class Triggers {

    private static final String GROUP = "trigger";

    private final CamelContext camel;
    private List<String> held = List.of();

    Triggers(CamelContext camel) {
        this.camel = camel;
    }

    /** Keeps the triggers from starting with the context. Call before it starts. */
    void hold() {
        List<RouteDefinition> triggers = ((ModelCamelContext) camel)
                .getRouteDefinitions().stream()
                        .filter(route -> GROUP.equals(route.getGroup()))
                        .filter(this::isSwitchedOn)
                        .toList();
        triggers.forEach(route -> route.autoStartup(false));
        held = triggers.stream().map(RouteDefinition::getRouteId).toList();
    }

    private boolean isSwitchedOn(RouteDefinition route) {
        return route.getAutoStartup() == null
                || !"false".equals(camel.resolvePropertyPlaceholders(route.getAutoStartup()));
    }

    /** Starts the triggers that were held back and are not switched off. Call when the service is ready. */
    public void start() {
        try {
            for (String route : held) {
                camel.getRouteController().startRoute(route);
            }
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeException(e);
        }
    }
}
