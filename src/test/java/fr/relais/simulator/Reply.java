package fr.relais.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** The reply to a call: an {@link Answer}, or a faulty reply such as an incomplete one. */
@FunctionalInterface
public interface Reply {

    /**
     * Sends the reply and ends the exchange, at once or later on another thread. An exception drops the connection,
     * even after a part was sent.
     */
    void sendTo(HttpExchange exchange) throws IOException;
}
