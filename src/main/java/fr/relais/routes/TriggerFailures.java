package fr.relais.routes;

import fr.relais.failure.Failures;
import fr.relais.failure.TriggerFailed;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeExtension;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handling of the failures of one trigger, which is a route whose consumer starts work. The text of a failure may
 * quote an offer, and most consumers log what they get (licence, article 7). Therefore:
 *
 * <ul>
 *   <li>The error handling of the trigger sees every failure. Otherwise, Camel skips it when a called route has already
 *       given up retrying or handled an earlier failure.
 *   <li>The consumer gets a {@link TriggerFailed}, so that it learns of the failure but does not get its text.
 *   <li>Each failure is logged in one line: by the configuration {@code relais-log-failure}, or else by this class.
 * </ul>
 */
final class TriggerFailures extends RoutePolicySupport implements InterceptStrategy, ExceptionHandler {

    /** The configuration that logs failures itself. */
    static final String LOG_FAILURE = "relais-log-failure";

    private static final Logger LOG = LoggerFactory.getLogger("fr.relais");

    private final RouteDefinition trigger;

    private TriggerFailures(RouteDefinition trigger) {
        this.trigger = trigger;
    }

    /** Call before the route is added to a context. */
    static void handle(RouteDefinition trigger) {
        TriggerFailures failures = new TriggerFailures(trigger);
        trigger.addInterceptStrategy(failures);
        trigger.routePolicy(failures);
    }

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        return new Step(target);
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

    /** Gives the endpoint this exception handler before it creates the consumer. */
    @Override
    public void onInit(Route route) {
        Endpoint endpoint = route.getEndpoint();
        if (endpoint instanceof DefaultEndpoint consumed && consumed.getExceptionHandler() == null) {
            consumed.setExceptionHandler(this);
        }
        if (endpoint instanceof GenericFileEndpoint<?> folder && folder.getOnCompletionExceptionHandler() == null) {
            folder.setOnCompletionExceptionHandler(this);
        }
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure != null) {
            TriggerFailed known = new TriggerFailed(trigger.getRouteId(), failure);
            if (!LOG_FAILURE.equals(trigger.getRouteConfigurationId())) {
                LOG.error(known.getMessage());
            }
            exchange.setException(known);
            exchange.removeProperty(ExchangePropertyKey.EXCEPTION_CAUGHT);
        }
    }

    @Override
    public void handleException(Throwable failure) {
        handleException(null, null, failure);
    }

    @Override
    public void handleException(String message, Throwable failure) {
        handleException(message, null, failure);
    }

    /** Logs a failure of the consumer itself. A failure of the route has been logged already. */
    @Override
    public void handleException(String message, Exchange exchange, Throwable failure) {
        if (!(failure instanceof TriggerFailed)) {
            LOG.error("The consumer of {} failed: {}", trigger.getRouteId(), Failures.types(failure));
        }
    }
}
