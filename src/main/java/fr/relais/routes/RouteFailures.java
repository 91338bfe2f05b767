package fr.relais.routes;

import fr.relais.failure.Failures;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Remembers the last failure of each route, in memory. A failure that a route rethrows is also a failure of the route
 * that called it, unless that route handles it.
 */
final class RouteFailures implements RoutePolicyFactory {

    private final Map<String, RouteFailure> last = new ConcurrentHashMap<>();
    private final Clock clock;

    RouteFailures(Clock clock) {
        this.clock = clock;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        return new RoutePolicySupport() {
            @Override
            public void onExchangeDone(Route route, Exchange exchange) {
                if (exchange.getException() != null) {
                    last.put(
                            route.getRouteId(),
                            new RouteFailure(clock.instant(), Failures.describe(exchange.getException())));
                }
            }
        };
    }

    Optional<RouteFailure> last(String routeId) {
        return Optional.ofNullable(last.get(routeId));
    }
}
