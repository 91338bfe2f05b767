package fr.relais;

import fr.relais.sweep.Sweep;
import java.util.function.BooleanSupplier;
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

    /** Runs a task that logs about an exchange, and adds the id of its sweep to the lines. */
    static void run(Exchange exchange, Runnable task) {
        call(exchange, () -> {
            task.run();
            return true;
        });
    }

    private static boolean call(Exchange exchange, BooleanSupplier task) {
        String sweep = sweep(exchange);
        if (sweep == null) {
            return task.getAsBoolean();
        }
        String before = MDC.get(KEY);
        MDC.put(KEY, sweep);
        try {
            return task.getAsBoolean();
        } finally {
            if (before == null) {
                MDC.remove(KEY);
            } else {
                MDC.put(KEY, before);
            }
        }
    }

    private static final class Step extends DelegateAsyncProcessor {

        Step(Processor target) {
            super(target);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            return call(exchange, () -> super.process(exchange, callback));
        }
    }
}
