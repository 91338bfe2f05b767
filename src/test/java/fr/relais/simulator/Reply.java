package fr.relais.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** What a call gets: an {@link Answer}, or something less orderly. */
@FunctionalInterface
public interface Reply {

    /** Ends the exchange, at once or later on another thread; throwing drops the connection, whatever has been sent. */
    void sendTo(HttpExchange exchange) throws IOException;
}
