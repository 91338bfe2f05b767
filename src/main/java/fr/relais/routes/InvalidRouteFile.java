package fr.relais.routes;

import fr.relais.failure.RelaisException;

/** A mistake in a route file; the message names the file and, where it is known, the line. */
public final class InvalidRouteFile extends RelaisException {

    /**
     * @param file its location
     * @param line the first is 1; 0 when the mistake concerns the whole file
     * @param problem what is wrong, without a full stop
     */
    InvalidRouteFile(String file, int line, String problem, String remedy) {
        super("Route file " + file + (line > 0 ? ":" + line : "") + ": " + problem, remedy);
    }
}
