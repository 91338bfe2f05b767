package fr.relais.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.NonManagedService;
import org.apache.camel.Route;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.RoutePolicySupport;

/**
 * The meters of Camel's routes, with the names and tags of camel-micrometer, so that dashboards for Camel show them.
 * The dependency camel-micrometer would replace this class.
 */
public final class CamelMetrics implements MeterBinder, RoutePolicyFactory {

    private static final String CONTEXT = "camelContext";
    private static final String KIND = "kind";
    private static final String ROUTE = "routeId";
    private static final String EVENT = "eventType";

    private final CamelContext camel;
    private final MeterRegistry registry;

    /** @param camel a context that has not been started */
    public CamelMetrics(CamelContext camel, MeterRegistry registry) {
        this.camel = camel;
        this.registry = registry;
    }

    /** Registers the meters of the context. Those of a route are registered when the route starts. */
    @Override
    public void bindTo(MeterRegistry registry) {
        Tags tags = Tags.of(CONTEXT, camel.getName(), KIND, "CamelRoute", EVENT, "RouteEvent");
        Gauge.builder("camel.routes.added", camel, CamelContext::getRoutesSize)
                .description("Routes in the context")
                .baseUnit("routes")
                .tags(tags)
                .register(registry);
        Gauge.builder("camel.routes.running", camel, CamelMetrics::runningRoutes)
                .description("Started routes")
                .baseUnit("routes")
                .tags(tags)
                .register(registry);
    }

    private static long runningRoutes(CamelContext camel) {
        return camel.getRoutes().stream()
                .filter(route ->
                        camel.getRouteController().getRouteStatus(route.getId()).isStarted())
                .count();
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        return new Policy();
    }

    /** Counts and times the exchanges of one route. */
    private final class Policy extends RoutePolicySupport implements NonManagedService {

        private String startedAt;
        private Counter total;
        private Counter succeeded;
        private Counter failed;
        private Counter failuresHandled;
        private Timer timer;
        private List<Meter> meters = List.of();

        @Override
        public void onInit(Route route) {
            super.onInit(route);
            startedAt = "relais.metrics." + route.getId();
            Tags tags = Tags.of(CONTEXT, camel.getName(), KIND, "CamelRoute", ROUTE, route.getId(), EVENT, "route");
            total = counter("camel.exchanges.total", "Exchanges", tags);
            succeeded = counter("camel.exchanges.succeeded", "Exchanges that succeeded", tags);
            failed = counter("camel.exchanges.failed", "Exchanges that failed", tags);
            failuresHandled = counter("camel.exchanges.failures.handled", "Exchanges whose failure was handled", tags);
            timer = Timer.builder("camel.route.policy")
                    .description("Time that exchanges took in the route")
                    .tags(tags)
                    .register(registry);
            Gauge inflight = Gauge.builder("camel.exchanges.inflight", camel, context -> context.getInflightRepository()
                            .size(route.getId()))
                    .description("Exchanges that are in the route")
                    .tags(CONTEXT, camel.getName(), KIND, "CamelExchangeEvent", ROUTE, route.getId())
                    .register(registry);
            meters = List.of(total, succeeded, failed, failuresHandled, timer, inflight);
        }

        private Counter counter(String name, String description, Tags tags) {
            return Counter.builder(name).description(description).tags(tags).register(registry);
        }

        @Override
        public void onRemove(Route route) {
            meters.forEach(registry::remove);
        }

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(startedAt, System.nanoTime());
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            if (exchange.removeProperty(startedAt) instanceof Long start) {
                timer.record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
            }
            total.increment();
            if (exchange.isFailed()) {
                failed.increment();
            } else {
                succeeded.increment();
                if (ExchangeHelper.isFailureHandled(exchange)) {
                    failuresHandled.increment();
                }
            }
        }
    }
}
