package fr.relais.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/**
 * A hook by which a test interferes with calls to the simulator. It may answer instead of the simulator, change the
 * {@link SimulatedBase} between two pages, or throw an exception, which drops the connection without an answer.
 */
@FunctionalInterface
public interface Fault {

    /** No fault: the simulator answers every call. */
    Fault NONE = (exchange, call) -> false;

    /**
     * Handles a call before the simulator does. Several threads may call this method at the same time.
     *
     * @param exchange the exchange in which to answer, for example with {@link Answer#sendTo}
     * @param call the received call
     * @return true when the call has been answered; otherwise {@link #reply} determines the answer
     */
    boolean answer(HttpExchange exchange, Call call) throws IOException;

    /**
     * Returns the reply to a call that {@link #answer} did not answer: the simulator's own answer, unless overridden.
     * Several threads may call this method at the same time.
     */
    default Reply reply(Call call, Truth truth) {
        return truth.answer(call);
    }
}
