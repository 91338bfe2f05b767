package fr.relais;

import fr.relais.failure.Failures;
import java.util.Locale;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the path of each exchange through the routes of Relais, and how long each step took ({@code relais.trace}).
 * Camel's own tracer would log bodies, headers and the options of endpoints, and thereby offers and secrets. A line of
 * this trace has only the ids of the exchange and the route, the line or id of the step, the time, and the types of a
 * failure.
 */
final class Trace implements InterceptStrategy, RoutePolicyFactory {

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais.trace");

    static void addTo(CamelContext camel) {
        Trace trace = new Trace();
        camel.getCamelContextExtension().addInterceptStrategy(trace);
        camel.addRoutePolicyFactory(trace);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        return RelaisSteps.contain(step) ? new Step(step, target) : target;
    }

    @Override
    public RoutePolicy createRoutePolicy(CamelContext camel, String routeId, NamedNode route) {
        return RelaisSteps.isRelais(routeId) ? new Ends() : null;
    }

    private static void log(Exchange exchange, String text) {
        // The step that called this route may have ended already, on another thread, so the sweep is set again.
        SweepInLog.run(exchange, () -> LOG.info("{} {}", id(exchange), text));
    }

    /** Returns the id of the exchange. A part that a split or a multicast has created also has the id of the whole. */
    private static String id(Exchange exchange) {
        String whole = exchange.getProperty(ExchangePropertyKey.CORRELATION_ID, String.class);
        return exchange.getExchangeId() + (whole == null ? "" : " of " + whole);
    }

    private static String took(long startedAt) {
        return String.format(Locale.ROOT, "%.1f ms", (System.nanoTime() - startedAt) / 1e6);
    }

    private static String failure(Exchange exchange) {
        return exchange.getException() == null ? "" : ", failed: " + Failures.types(exchange.getException());
    }

    /** Logs the beginning and the end of the route for each exchange. */
    private static final class Ends extends RoutePolicySupport {

        @Override
        public void onExchangeBegin(Route route, Exchange exchange) {
            exchange.setProperty(startedAt(route), System.nanoTime());
            log(exchange, route.getRouteId() + " begins");
        }

        @Override
        public void onExchangeDone(Route route, Exchange exchange) {
            Long startedAt = (Long) exchange.removeProperty(startedAt(route));
            log(
                    exchange,
                    route.getRouteId() + " ends" + (startedAt == null ? "" : ", " + took(startedAt))
                            + failure(exchange));
        }

        private static String startedAt(Route route) {
            return "relais.trace." + route.getRouteId();
        }
    }

    private static final class Step extends DelegateAsyncProcessor {

        private final String name;

        Step(NamedNode step, Processor target) {
            super(target);
            name = ProcessorDefinitionHelper.getRoute(step).getRouteId() + ": " + describe(step);
        }

        /**
         * Describes a step by its kind and line, or by its kind and id when the line is unknown. Only direct calls are
         * described by their address, because other addresses may be secret.
         */
        private static String describe(NamedNode step) {
            if (step instanceof ToDefinition to && String.valueOf(to.getUri()).startsWith("direct:")) {
                return "to " + to.getUri();
            }
            return step.getShortName() + " "
                    + (step.getLineNumber() > 0 ? "in line " + step.getLineNumber() : step.getId());
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            long startedAt = System.nanoTime();
            return super.process(exchange, doneSync -> {
                log(exchange, name + ", " + took(startedAt) + failure(exchange));
                callback.done(doneSync);
            });
        }
    }
}
