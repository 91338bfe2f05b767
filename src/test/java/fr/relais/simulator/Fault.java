package fr.relais.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/**
 * What a test wants to happen on a call, before the simulator looks at it. It may answer in the simulator's place,
 * change the {@link SimulatedBase} between two pages, or throw, which drops the connection without an answer.
 */
@FunctionalInterface
public interface Fault {

    /** No fault: the simulator answers every call. */
    Fault NONE = (exchange, call) -> false;

    /**
     * Called on several threads at once.
     *
     * @param exchange where to answer, most simply by {@link Answer#sendTo}
     * @param call what is asked
     * @return whether the call has been answered; if not, the simulator does
     */
    boolean answer(HttpExchange exchange, Call call) throws IOException;

    /**
     * Called after {@link #answer} has left a call to the simulator, to give its answer or another reply; on several
     * threads at once.
     */
    default Reply reply(Call call, Truth truth) {
        return truth.answer(call);
    }
}
