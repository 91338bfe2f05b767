package fr.relais.metrics;

import fr.relais.RelaisSteps;
import fr.relais.failure.Failures;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.NonManagedService;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * A span for each exchange in a route of Relais, within the span of the route that called it. Its name is the id of the
 * route. After a failure, its tag {@code failure} has the types of the exceptions. A span has no query, address or
 * header, and no content or id of an offer.
 */
public final class RouteSpans implements RoutePolicyFactory {

    private static final String OPEN = "relais.span";

    private final Tracer tracer;

    /** A span that has not ended, and the one around it, which may be null. */
    private record OpenSpan(String routeId, Span span, OpenSpan outer) {}

    public RouteSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        return RelaisSteps.isRelais(routeId) ? new Policy() : null;
    }

    private final class Policy extends RoutePolicySupport implements NonManagedService {

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            OpenSpan outer = exchange.getProperty(OPEN, OpenSpan.class);
            Span.Builder span = tracer.spanBuilder().name(route.getRouteId());
            if (outer != null) {
                span.setParent(outer.span.context());
            }
            exchange.setProperty(OPEN, new OpenSpan(route.getRouteId(), span.start(), outer));
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            OpenSpan open = exchange.getProperty(OPEN, OpenSpan.class);
            if (open == null || !open.routeId.equals(route.getRouteId())) {
                return;
            }
            if (exchange.getException() != null) {
                open.span.tag("failure", Failures.types(exchange.getException()));
            }
            open.span.end();
            exchange.setProperty(OPEN, open.outer);
        }
    }
}
