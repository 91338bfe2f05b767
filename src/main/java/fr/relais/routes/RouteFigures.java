package fr.relais.routes;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;

/** The routes of the route files and what they have done. The figures are those of Camel's management. */
public final class RouteFigures {

    private static final String SUFFIX = ".camel.yaml";

    private final CamelContext camel;
    private final RouteFailures failures;

    private RouteFigures(CamelContext camel, RouteFailures failures) {
        this.camel = camel;
        this.failures = failures;
    }

    /** Begins to remember the failures of the routes. Call before the context starts. */
    public static RouteFigures of(CamelContext camel, Clock clock) {
        RouteFailures failures = new RouteFailures(clock);
        camel.addRoutePolicyFactory(failures);
        return new RouteFigures(camel, failures);
    }

    /** Returns the routes in the order of their files. */
    public List<RouteStatus> all() {
        return ((ModelCamelContext) camel)
                .getRouteDefinitions().stream()
                        .filter(route -> isOfFile(route))
                        .sorted(Comparator.comparing(RouteFigures::file))
                        .map(this::status)
                        .toList();
    }

    /** Returns one of these routes. */
    public Optional<RouteStatus> of(String id) {
        return definition(id).map(this::status);
    }

    /** Returns the model of one of these routes, with its placeholders. */
    public Optional<RouteDefinition> definition(String id) {
        return Optional.ofNullable(((ModelCamelContext) camel).getRouteDefinition(id))
                .filter(RouteFigures::isOfFile);
    }

    static boolean isOfFile(RouteDefinition route) {
        return route.getResource() != null && route.getResource().getLocation().endsWith(SUFFIX);
    }

    private static String file(RouteDefinition route) {
        return route.getResource().getLocation().replaceFirst("^.*[:/\\\\]", "").replace(SUFFIX, "");
    }

    private RouteStatus status(RouteDefinition route) {
        String id = route.getRouteId();
        ServiceStatus state = camel.getRouteController().getRouteStatus(id);
        return new RouteStatus(
                id,
                file(route),
                route.getDescriptionText(),
                DirectCalls.source(route) == null,
                (state == null ? ServiceStatus.Stopped : state).name(),
                figures(id),
                failures.last(id).orElse(null));
    }

    private RouteStatus.Figures figures(String id) {
        ManagedCamelContext management = camel.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        ManagedRouteMBean route = management == null ? null : management.getManagedRoute(id);
        try {
            return route == null
                    ? null
                    : new RouteStatus.Figures(
                            Duration.ofMillis(route.getUptimeMillis()),
                            route.getExchangesTotal(),
                            route.getExchangesFailed(),
                            route.getExchangesInflight(),
                            duration(route, route.getMeanProcessingTime()),
                            duration(route, route.getMaxProcessingTime()),
                            duration(route, route.getLastProcessingTime()),
                            instant(route.getLastExchangeCompletedTimestamp()),
                            instant(route.getLastExchangeFailureTimestamp()));
        } catch (Exception e) {
            throw new IllegalStateException("the figures of the route " + id + " cannot be read", e);
        }
    }

    /** Returns null when no exchange has completed, because Camel does not time exchanges that fail. */
    private static Duration duration(ManagedRouteMBean route, long milliseconds) throws Exception {
        return route.getExchangesCompleted() == 0 ? null : Duration.ofMillis(milliseconds);
    }

    private static Instant instant(Date date) {
        return date == null ? null : date.toInstant();
    }
}
