package fr.relais.routes;

import java.util.Set;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.ExtendedCamelContext;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * An interceptor that lets the error handling of a trigger see every failure. Otherwise, Camel skips the error handler
 * of the trigger when a called route has already given up retrying or handled an earlier failure. The consumer would
 * then log the failure with its text, which may quote an offer (licence, article 7).
 */
final class TriggerFailures implements InterceptStrategy {

    private static final Set<String> TRIGGERS = Set.of("log-failure", "log-and-rethrow");

    /** Adds the interceptor to a context that does not have it yet. Call before the routes are added. */
    static void addTo(CamelContext camel) {
        ExtendedCamelContext extension = camel.getCamelContextExtension();
        if (extension.getInterceptStrategies().stream().noneMatch(TriggerFailures.class::isInstance)) {
            extension.addInterceptStrategy(new TriggerFailures());
        }
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        RouteDefinition route = ProcessorDefinitionHelper.getRoute(step);
        return route != null
                        && route.getRouteConfigurationId() != null
                        && TRIGGERS.contains(route.getRouteConfigurationId())
                ? new Step(target)
                : target;
    }

    private static final class Step extends DelegateAsyncProcessor {

        Step(Processor step) {
            super(step);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            return super.process(exchange, doneSync -> {
                if (exchange.getException() != null) {
                    ExchangeExtension state = exchange.getExchangeExtension();
                    state.setRedeliveryExhausted(false);
                    state.setErrorHandlerHandled(null);
                    state.setFailureHandled(false);
                }
                callback.done(doneSync);
            });
        }
    }
}
