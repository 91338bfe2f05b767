package fr.relais;

import fr.relais.sweep.Sweep;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.slf4j.MDC;

/**
 * Adds the id of the sweep to the lines that the steps of a sweep log, on whatever thread, as the key {@code sweep} of
 * the mapped diagnostic context (MDC). Steps outside the routes of Relais keep the context of the host.
 */
final class SweepInLog implements InterceptStrategy {

    static final String KEY = "sweep";

    @Override
    public Processor wrapProcessorInInterceptors(
            CamelContext camel, NamedNode step, Processor target, Processor nextTarget) {
        return RelaisSteps.contain(step) ? new Step(target) : target;
    }

    /** Returns the id of the sweep to which the exchange belongs, or null. */
    private static String sweep(Exchange exchange) {
        if (exchange.getVariable("sweep") instanceof Sweep sweep) {
            return Long.toString(sweep.id());
        }
        // A slice may be read by another process, which knows the id only.
        return exchange.getVariable("sweepId") instanceof Long id ? id.toString() : null;
    }

    private static final class Step extends DelegateAsyncProcessor {

        Step(Processor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            String sweep = sweep(exchange);
            if (sweep == null) {
                return super.process(exchange, callback);
            }
            String before = MDC.get(KEY);
            MDC.put(KEY, sweep);
            try {
                return super.process(exchange, callback);
            } finally {
                if (before == null) {
                    MDC.remove(KEY);
                } else {
                    MDC.put(KEY, before);
                }
            }
        }
    }
}
