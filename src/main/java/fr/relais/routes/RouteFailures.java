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
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Remembers the last failure of each route of a route file, in memory. A failure that a route rethrows is also a
 * failure of the route that called it, unless that route handles it.
 */
final class RouteFailures implements RoutePolicyFactory {

    private final Map<String, RouteFailure> last = new ConcurrentHashMap<>();
    private final Clock clock;

    RouteFailures(Clock clock) {
        this.clock = clock;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode definition) {
        if (!RouteFigures.isOfFile((RouteDefinition) definition)) {
            return null;
        }
        return new RoutePolicySupport() {
            @Override
            public void onRemove(Route route) {
                last.remove(routeId);
            }

            @Override
            public void onExchangeDone(Route route, Exchange exchange) {
                if (exchange.getException() != null) {
                    last.put(routeId, new RouteFailure(clock.instant(), reason(exchange.getException())));
                }
            }
        };
    }

    /** Adds the status of a refused HTTP call. */
    private static String reason(Throwable failure) {
        String reason = Failures.reason(failure);
        return Failures.causes(failure)
                .filter(HttpOperationFailedException.class::isInstance)
                .findFirst()
                .map(http -> reason + " (status " + ((HttpOperationFailedException) http).getStatusCode() + ")")
                .orElse(reason);
    }

    Optional<RouteFailure> last(String routeId) {
        return Optional.ofNullable(last.get(routeId));
    }
}
